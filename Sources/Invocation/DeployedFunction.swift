import FunctionGraph
import JSON
import WorkerProtocol

/// Everything about a version of a function that matters while it runs, worked out once.
public final class DeployedFunction: Sendable {
    /// How a function's code is entered.
    enum Kind: String, Sendable {
        /// A handler in Python.
        case python
        /// A web server.
        case http
        /// A program that asks for events.
        case custom
    }

    /// The version itself.
    public let function: Function
    /// Its URN, with the version.
    public let urn: FunctionURN
    /// The same as text.
    public let name: String
    /// The URN without the version, as text.
    public let baseName: String
    /// The name of the version.
    public let version: String
    /// The label of the runtime.
    public let runtime: String
    /// The memory of an instance, in MB.
    public let memorySize: Int
    /// How long an invocation may take, in seconds.
    public let timeout: Int
    /// How long the initializer may take, in seconds.
    public let initializerTimeout: Int
    /// The most instances it may have; negative for no limit, 0 for a disabled function.
    public let maximumInstances: Int
    /// How many requests an instance takes at once.
    public let concurrency: Int
    /// Whether a request may choose its memory.
    public let enablesDynamicMemory: Bool
    /// What an instance's `/tmp` may hold, in MB.
    public let storageSize: Int

    /// How long the pre-stop handler may take, in seconds; nil if there is none.
    let preStopTimeout: Int?
    /// Why it cannot be run at all; nil when it can.
    let obstacle: RuntimeFailure?
    let code: CodeReference

    /// Loading a module may take this long, in seconds (the runtime guide, code 4012).
    static let loadTimeout = 10

    private let configuration: InvokerConfiguration
    private let kind: Kind

    /// The longest a client waits for a handler, in seconds (runtime guide, "Limits and quotas").
    private static let maximumSynchronousTimeout = 900

    /// The most bytes a result may have (runtime guide, `RUNTIME_MAX_RESP_BODY_SIZE`).
    private static let maximumResultBytes = 6_291_456
    /// The most descriptors an instance may open (runtime guide).
    private static let openFiles: UInt32 = 2_048
    /// The most processes and threads it may have (runtime guide).
    private static let processes: UInt32 = 1_024
    /// What an instance may map beyond the function's memory, in MiB. Thread stacks and arenas count as mapped
    /// though they are hardly used; memory in use is limited by a look at it while the handler runs.
    private static let mappingSlack: UInt32 = 512

    /// Prepares a version for running.
    ///
    /// - Parameter memory: The memory that a request asks for; nil for what the function has.
    init(_ detail: FunctionDetail, memory: MemorySize?, _ configuration: InvokerConfiguration) {
        let function = detail.function
        let settings = function.configuration
        self.function = function
        self.configuration = configuration
        urn = function.urn(in: configuration.region)
        name = urn.description
        baseName = urn.qualified(.unspecified).description
        version = function.version.description
        runtime = function.configuration.runtime.rawValue
        memorySize = (memory ?? settings.memorySize).megabytes
        timeout = settings.timeout.seconds
        initializerTimeout = settings.initializerTimeout?.seconds ?? 30
        maximumInstances = settings.strategy.maximumInstances
        concurrency = settings.strategy.requestsPerInstance
        enablesDynamicMemory = settings.hasDynamicMemory
        storageSize = settings.ephemeralStorage.megabytes
        kind = Self.kind(of: settings.runtime) ?? .python
        preStopTimeout = settings.preStopHandler == nil ? nil : settings.preStopTimeout?.seconds ?? 90
        let path = kind == .python ? "\(settings.handler.file).py" : "bootstrap"
        code = CodeReference(
            digest: function.code.digest,
            form: function.code.form == .source ? .source(path: path) : .archive,
            dependencies: detail.dependencies.compactMap(\.digest))
        obstacle = Self.obstacle(of: detail)
    }

    /// The timeout in nanoseconds.
    var timeoutNanoseconds: UInt64 { UInt64(timeout) * 1_000_000_000 }

    /// How long an invocation may run, in seconds: the timeout, and at most a quarter of an hour if a client waits
    /// (runtime guide, "Limits and quotas").
    func runningTime(of invocation: Invocation) -> Int {
        invocation.isAsynchronous ? timeout : min(timeout, Self.maximumSynchronousTimeout)
    }

    /// Whether a client may have to wait longer than so many seconds for its answer.
    public func mayTakeLonger(than seconds: Int) -> Bool {
        2 * timeout + Self.loadTimeout + initializerTimeout > seconds
    }

    /// The payload of the frame that makes an instance this function.
    ///
    /// - Parameters:
    ///   - directory: The name of the code's directory in the cache.
    ///   - temporary: A directory for files where `/tmp` is everybody's; nil where each instance has its own.
    func loadPayload(
        code directory: String, temporary: String?, requestID: String, alias: String
    ) -> [UInt8] {
        let settings = function.configuration
        let hasOwnNetwork = kind == .http && configuration.isolatesNetworks && temporary == nil
        func text(_ handler: Handler?) -> JSONValue { handler.map { .string($0.description) } ?? .null }
        let specification: JSONObject = [
            "kind": .string(kind.rawValue),
            "handler": .string(settings.handler.description),
            "initializer": text(settings.initializerHandler),
            "pre_stop": text(settings.preStopHandler),
            "region": .string(configuration.region),
            "environment": .object(environment),
            "user_data": .object(userData),
            "context": .object(contextFacts),
            "fidelity": .object(fidelityChoices),
            "max_result_bytes": .integer(Self.maximumResultBytes),
            "own_network": .bool(hasOwnNetwork),
            "auth_in_header": .bool(settings.hasAuthInHeader),
            "temporary": temporary.map(JSONValue.string) ?? .null,
            "request_id": .string(requestID),
            "alias": .string(alias),
        ]
        var payload: [UInt8] = []
        LoadHeader(
            // A program of its own may map what it likes; its memory in use is limited all the same.
            dataMiB: kind == .python ? UInt32(memorySize) + Self.mappingSlack : 0, openFiles: Self.openFiles,
            processes: Self.processes, temporaryMiB: UInt32(storageSize), concurrency: UInt32(concurrency),
            hasOwnNetwork: hasOwnNetwork, codeName: directory
        ).append(to: &payload)
        payload.append(contentsOf: JSONValue.object(specification).bytes)
        return payload
    }

    /// The user's environment variables, the encrypted ones too: for the function they are the same.
    private var userData: JSONObject {
        var variables = JSONObject()
        for data in [function.configuration.userData, function.configuration.encryptedUserData] {
            for entry in data?.entries ?? [] { variables[entry.key] = .string(entry.value) }
        }
        return variables
    }

    /// The environment of the process but for what depends on where its code is (runtime guide, section on
    /// environment variables). The user may choose another time zone, language, home or path.
    private var environment: JSONObject {
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
            "RUNTIME_FUNC_VERSION": version,
            "RUNTIME_PACKAGE": function.package.description,
            "RUNTIME_HANDLER": settings.handler.description,
            "RUNTIME_TIMEOUT": String(timeout),
            "RUNTIME_USERDATA": JSONValue.object(userData).text,
            "RUNTIME_CPU": String(memorySize * 100 / 128 + 200),
            "RUNTIME_MEMORY": String(memorySize),
            "RUNTIME_MAX_RESP_BODY_SIZE": String(Self.maximumResultBytes),
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
    private var contextFacts: JSONObject {
        var facts: JSONObject = [
            "function_name": .string(function.name.description),
            "package": .string(function.package.description),
            "project_id": .string(function.project.description),
            "function_version": .string(version),
            "memory": .string(String(memorySize)),
            "cpu": .string(String(memorySize * 100 / 128 + 200)),
            "timeout": .integer(timeout * 1_000),
        ]
        let agency = function.configuration.executionAgency ?? function.configuration.agency
        if let credentials = agency.flatMap({ configuration.agencies[$0.description] }) {
            facts["security_access_key"] = .string(credentials.accessKey)
            facts["security_secret_key"] = .string(credentials.secretKey)
            facts["security_token"] = .string(credentials.securityToken)
            facts["auth_token"] = .string(credentials.token)
        }
        return facts
    }

    private var fidelityChoices: JSONObject {
        JSONObject(
            ["str_result", "none_result", "bytes_result", "running_time"].map {
                ($0, .string(configuration.fidelity[$0]))
            })
    }

    private static func kind(of runtime: RuntimeLabel) -> Kind? {
        switch runtime.family {
        case .python: .python
        case .http: .http
        case .custom: .custom
        case .java, .node, .go, .dotnet, .php, .image: nil
        }
    }

    private static func obstacle(of detail: FunctionDetail) -> RuntimeFailure? {
        let function = detail.function
        let runtime = function.configuration.runtime
        if kind(of: runtime) == nil {
            return .unavailable(
                "functions of the runtime \(runtime.rawValue) are stored but not run here; the Python runtimes, "
                    + "http and Custom are run")
        }
        if function.code.form == .none {
            if !function.code.problem.isEmpty { return .unavailable(function.code.problem) }
            return runtime.isPython ? .unavailable("the function has no code") : .bootstrapMissing
        }
        if let missing = detail.dependencies.first(where: { $0.digest == nil }) {
            return .unavailable(
                "the archive of the dependency \(missing.name), version \(missing.number), at \(missing.link) could "
                    + "not be fetched when it was created; create a new version, from an archive or from a bucket below "
                    + "--obs-root")
        }
        return nil
    }
}
