import JSON

/// A function as answers show it.
public struct FunctionResponse: Sendable {
    /// The function, with what is attached to it.
    public let detail: FunctionDetail
    /// Whose it is.
    public let account: Account
    /// The code in Base64, where an answer may carry it.
    public var codeFile = ""
    /// Where the code can be fetched, where an answer may say it.
    public var codeLink = ""

    /// An answer about a function.
    public init(_ detail: FunctionDetail, of account: Account) {
        self.detail = detail
        self.account = account
    }

    private var function: Function { detail.function }

    /// The members that an answer of this kind has.
    public func body(of answer: FunctionAnswer) -> JSONObject {
        guard let (members, settings) = Self.columns[answer] else { return JSONObject() }
        var body = JSONObject()
        body.reserveCapacity(members.count + settings.count)
        for member in members {
            if let value = member.value(self) { body.append(member.key, value) }
        }
        let configuration = function.configuration
        for setting in settings {
            if let value = setting.answered(configuration) { body.append(setting.key, value) }
        }
        return body
    }

    /// What each answer has of the tables' rows.
    private static let columns = Dictionary(
        uniqueKeysWithValues: FunctionAnswer.allCases.map { answer in
            (
                answer,
                (
                    members.filter { $0.answers.contains(answer) },
                    Setting.table.filter { $0.answers.contains(answer) }
                )
            )
        })

    /// One row of the table of members that are not settings.
    private struct Member: Sendable {
        let key: String
        let answers: Set<FunctionAnswer>
        /// The value; nil leaves the member out.
        let value: @Sendable (FunctionResponse) -> JSONValue?

        init(_ key: String, _ answers: String, _ value: @escaping @Sendable (FunctionResponse) -> JSONValue?)
        {
            self.key = key
            self.answers = Set(answers.compactMap(FunctionAnswer.init))
            self.value = value
        }
    }

    /// API reference, "Function object".
    private static let members: [Member] = [
        // Not documented: with it the Python SDK's `create_alias` can take a function that it has just created.
        Member("id", "C") { .string($0.urn) },
        Member("func_id", "CGU") { .string($0.function.id.description) },
        Member("resource_id", "CLGU") { .string("\($0.function.id):\($0.function.name)") },
        Member("func_urn", "CLGUMPVIK") { .string($0.urn) },
        Member("func_name", "CLGUMPVIK") { .string($0.function.name.description) },
        Member("domain_id", "CLGUMPVIK") { .string($0.account.domainID) },
        Member("namespace", "CLGUMPVI") { .string($0.function.project.description) },
        Member("project_name", "CLGUMPVI") { .string($0.account.projectName) },
        Member("package", "CLGUMPVI") { .string($0.function.package.description) },
        Member("version", "CLGUMPVI") { .string($0.function.version.description) },
        Member("version_description", "PI") { .string($0.function.versionDescription) },
        Member("cpu", "CLGUMPVI") { .integer($0.function.configuration.memorySize.millicores) },
        Member("code_type", "CLGUMPVIK") { .string($0.function.code.type.rawValue) },
        Member("code_url", "CLGUMPVIK") { .string($0.function.code.url) },
        Member("code_filename", "CLGUMPVIK") { .string($0.function.code.fileName) },
        Member("code_size", "CLGUMPVIK") { .integer($0.function.code.size) },
        Member("digest", "CLGUMPVIK") { .string($0.function.code.digest) },
        Member("image_name", "CLGUMPVI") { .string($0.function.imageName.description) },
        Member("last_modified", "CLGUMPVI") { .string($0.function.lastModified.rfc3339) },
        Member("last_modified", "K") { .string($0.function.code.lastModified.rfc3339) },
        Member("dependencies", "CGUMPK") { $0.dependencies },
        Member("reserved_instance_count", "C") { .integer($0.detail.reserved?.count ?? 0) },
        Member("reserved_instance_idle_mode", "GV") { .bool($0.detail.reserved?.isIdle ?? false) },
        Member("long_time", "CLGUMPV") { _ in false },
        Member("log_group_id", "CLGUMP") { .string($0.function.configuration.logConfig?.groupID ?? "") },
        Member("log_stream_id", "CLGUMP") { .string($0.function.configuration.logConfig?.streamID ?? "") },
        Member("is_bridge_function", "CLG") { _ in false },
        Member("bind_bridge_funcUrns", "L") { _ in [] },
        Member("apig_route_enable", "CG") { _ in false },
        Member("allow_ephemeral_storage", "CG") { _ in true },
        Member("enable_cloud_debug", "CGUM") { _ in "DISABLED" },
        Member("is_return_stream", "CGUM") { _ in false },
        Member("func_vpc_id", "LV") { .string($0.function.configuration.vpc?.id ?? "") },
        Member("concurrency", "V") { .integer($0.function.configuration.strategy.maximumInstances) },
        Member("concurrent_num", "V") { .integer($0.function.configuration.strategy.requestsPerInstance) },
        Member("function_async_config", "PV") {
            ($0.detail.asyncConfiguration?.attachment).map(JSONValue.object)
        },
        Member("func_code", "K") { ["file": .string($0.codeFile), "link": .string($0.codeLink)] },
    ]

    /// The dependency versions as objects; null if there are none.
    private var dependencies: JSONValue {
        guard !detail.dependencies.isEmpty else { return .null }
        return .array(detail.dependencies.map { .object($0.attachment(owner: account.domainID)) })
    }

    private var urn: String { function.urn(in: account.region).description }
}
