import FunctionGraph
import JSON

/// What an instance is told about its function: the JSON that `fgs_runtime.instance.load` documents. Most of it is the
/// same for all instances and is written once.
struct LoadSpecification: Sendable {
    /// An object without its end.
    private let beginning: [UInt8]

    /// The most bytes a result may have (runtime guide, `RUNTIME_MAX_RESP_BODY_SIZE`).
    private static let maximumResultBytes = 6_291_456

    /// The specification of a version's instances.
    ///
    /// - Parameters:
    ///   - memorySize: The memory of an instance, in MB.
    ///   - preStopTimeout: How long the pre-stop handler may take, in seconds; nil if there is none.
    init(
        of function: Function, kind: DeployedFunction.Kind, memorySize: Int, preStopTimeout: Int?,
        _ configuration: InvokerConfiguration
    ) {
        let settings = function.configuration
        let userData = Self.userData(of: function)
        func text(_ handler: Handler?) -> JSONValue { handler.map { .string($0.description) } ?? .null }
        let members: JSONObject = [
            "kind": .string(kind.rawValue),
            "handler": .string(settings.handler.description),
            "initializer": text(settings.initializerHandler),
            "pre_stop": text(settings.preStopHandler),
            "region": .string(configuration.region),
            "environment": .object(
                Self.environment(
                    of: function, userData, memorySize: memorySize, preStopTimeout: preStopTimeout)),
            "user_data": .object(userData),
            "context": .object(
                Self.context(of: function, memorySize: memorySize, configuration.agencies)),
            "fidelity": .object(Self.choices(of: configuration.fidelity)),
            "max_result_bytes": .integer(Self.maximumResultBytes),
            "auth_in_header": .bool(settings.hasAuthInHeader),
        ]
        beginning = JSONValue.object(members).bytes.dropLast()
    }

    /// The whole text.
    ///
    /// - Parameters:
    ///   - temporary: A directory for files where `/tmp` is everybody's; nil where each instance has its own.
    ///   - hasOwnNetwork: Whether the instance gets a loopback interface of its own.
    ///   - requestID: The request that the instance is started for, if it is for one.
    ///   - alias: The alias which that called.
    func text(temporary: String?, hasOwnNetwork: Bool, requestID: String, alias: String) -> [UInt8] {
        let end: JSONObject = [
            "own_network": .bool(hasOwnNetwork),
            "temporary": temporary.map(JSONValue.string) ?? .null,
            "request_id": .string(requestID),
            "alias": .string(alias),
        ]
        var text = beginning
        text.append(UInt8(ascii: ","))
        text += JSONValue.object(end).bytes.dropFirst()
        return text
    }

    /// The user's environment variables, the encrypted ones too: for the function they are the same.
    private static func userData(of function: Function) -> JSONObject {
        var variables = JSONObject()
        for data in [function.configuration.userData, function.configuration.encryptedUserData] {
            for entry in data?.entries ?? [] { variables[entry.key] = .string(entry.value) }
        }
        return variables
    }

    /// The environment of the process but for what depends on where its code is (runtime guide, section on
    /// environment variables). The user may choose another time zone, language, home or path.
    private static func environment(
        of function: Function, _ userData: JSONObject, memorySize: Int, preStopTimeout: Int?
    ) -> JSONObject {
        let settings = function.configuration
        var variables: JSONObject = [
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": "/tmp",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
        ]
        for (key, value) in userData { variables[key] = value }
        let platform: KeyValuePairs<String, String> = [
            "RUNTIME_PROJECT_ID": function.project.description,
            "RUNTIME_FUNC_NAME": function.name.description,
            "RUNTIME_FUNC_VERSION": function.version.description,
            "RUNTIME_PACKAGE": function.package.description,
            "RUNTIME_HANDLER": settings.handler.description,
            "RUNTIME_TIMEOUT": String(settings.timeout.seconds),
            "RUNTIME_USERDATA": JSONValue.object(userData).text,
            "RUNTIME_CPU": String(memorySize * 100 / 128 + 200),
            "RUNTIME_MEMORY": String(memorySize),
            "RUNTIME_MAX_RESP_BODY_SIZE": String(maximumResultBytes),
            "RUNTIME_INITIALIZER_HANDLER": settings.initializerHandler?.description ?? "",
            "RUNTIME_INITIALIZER_TIMEOUT": String(settings.initializerTimeout?.seconds ?? 0),
            "RUNTIME_PRESTOP_HANDLER": settings.preStopHandler?.description ?? "",
            "PRE_STOP_HANDLER": settings.preStopHandler?.description ?? "",
            "PRE_STOP_TIMEOUT": String(preStopTimeout ?? 0),
            "RUNTIME_ROOT": "/home/snuser/runtime",
            "RUNTIME_LOG_DIR": "/home/snuser/log",
        ]
        for (key, value) in platform { variables[key] = .string(value) }
        return variables
    }

    /// The attributes of the context object that no invocation changes.
    private static func context(
        of function: Function, memorySize: Int, _ agencies: [String: AgencyCredentials]
    ) -> JSONObject {
        let settings = function.configuration
        var facts: JSONObject = [
            "function_name": .string(function.name.description),
            "package": .string(function.package.description),
            "project_id": .string(function.project.description),
            "function_version": .string(function.version.description),
            "memory": .string(String(memorySize)),
            "cpu": .string(String(memorySize * 100 / 128 + 200)),
            "timeout": .integer(settings.timeout.seconds * 1_000),
        ]
        let agency = settings.executionAgency ?? settings.agency
        if let credentials = agency.flatMap({ agencies[$0.description] }) {
            facts["security_access_key"] = .string(credentials.accessKey)
            facts["security_secret_key"] = .string(credentials.secretKey)
            facts["security_token"] = .string(credentials.securityToken)
            facts["auth_token"] = .string(credentials.token)
        }
        return facts
    }

    private static func choices(of fidelity: Fidelity) -> JSONObject {
        JSONObject(
            ["str_result", "none_result", "bytes_result", "async_handler", "running_time"].map {
                ($0, .string(fidelity[$0]))
            })
    }
}
