import FunctionGraph
import JSON
import WorkerProtocol

/// Everything about a version of a function that matters while it runs, worked out once.
public struct DeployedFunction: Sendable {
    /// Its URN, with the version.
    public let urn: String
    /// The name of the version.
    public let version: String
    /// The memory of an instance, in MB.
    public let memorySize: Int
    /// How long an invocation may take, in seconds.
    public let timeout: Int
    /// How long the initializer may take, in seconds.
    public let initializerTimeout: Int
    /// The most instances it may have; negative for no limit, 0 for a disabled function.
    public let maximumInstances: Int
    /// Whether a request may choose its memory.
    public let enablesDynamicMemory: Bool

    /// Why it cannot be run at all; nil when it can.
    let obstacle: RuntimeFailure?
    let code: CodeReference

    private let function: Function
    private let fidelity: Fidelity

    /// The most bytes a result may have (runtime guide, `RUNTIME_MAX_RESP_BODY_SIZE`).
    private static let maximumResultBytes = 6_291_456
    /// The most descriptors an instance may open (runtime guide).
    private static let openFiles: UInt32 = 2_048
    /// What an instance may map beyond the function's memory, in MiB. Thread stacks and arenas count as mapped
    /// though they are hardly used; memory in use is limited by a look at it while the handler runs.
    private static let mappingSlack: UInt32 = 512

    /// Prepares a version for running.
    init(_ function: Function, _ fidelity: Fidelity, region: String) {
        self.function = function
        self.fidelity = fidelity
        let configuration = function.configuration
        urn = function.urn(in: region).description
        version = function.version.description
        memorySize = configuration.memorySize.megabytes
        timeout = configuration.timeout.seconds
        initializerTimeout = configuration.initializerTimeout?.seconds ?? 30
        maximumInstances = configuration.strategy.maximumInstances
        enablesDynamicMemory = configuration.hasDynamicMemory
        let source = CodeReference.Form.source(path: "\(configuration.handler.file).py")
        code = CodeReference(
            digest: function.code.digest, form: function.code.form == .source ? source : .archive)
        obstacle = Self.obstacle(of: function)
    }

    /// The timeout in nanoseconds.
    var timeoutNanoseconds: UInt64 { UInt64(timeout) * 1_000_000_000 }

    /// The payload of the frame that makes an instance this function.
    func loadPayload(code directory: String, requestID: String, alias: String) -> [UInt8] {
        let base = directory.hasSuffix("/code") ? String(directory.dropLast(5)) : directory
        let configuration = function.configuration
        let initializer = configuration.initializerHandler.map { JSONValue.string($0.description) }
        let specification: JSONObject = [
            "code": .string(directory),
            "pycache": .string("\(base)/pycache"),
            "libraries": [],
            "handler": .string(configuration.handler.description),
            "initializer": initializer ?? .null,
            "runtime": .string(configuration.runtime.rawValue),
            "environment": .object(environment(code: directory)),
            "user_data": .object(userData),
            "context": .object(contextFacts),
            "fidelity": .object(fidelityChoices),
            "max_result_bytes": .integer(Self.maximumResultBytes),
            "request_id": .string(requestID),
            "alias": .string(alias),
        ]
        var payload: [UInt8] = []
        LoadHeader(dataMiB: UInt32(memorySize) + Self.mappingSlack, openFiles: Self.openFiles).append(to: &payload)
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

    /// The environment of the process, all of it (runtime guide, section on environment variables).
    private func environment(code: String) -> JSONObject {
        let configuration = function.configuration
        var variables = userData
        let platform: KeyValuePairs<String, String> = [
            "RUNTIME_PROJECT_ID": function.project.description,
            "RUNTIME_FUNC_NAME": function.name.description,
            "RUNTIME_FUNC_VERSION": version,
            "RUNTIME_PACKAGE": function.package.description,
            "RUNTIME_HANDLER": configuration.handler.description,
            "RUNTIME_TIMEOUT": String(timeout),
            "RUNTIME_USERDATA": JSONValue.object(userData).text,
            "RUNTIME_CPU": String(configuration.memorySize.millicores),
            "RUNTIME_MEMORY": String(memorySize),
            "RUNTIME_MAX_RESP_BODY_SIZE": String(Self.maximumResultBytes),
            "RUNTIME_INITIALIZER_HANDLER": configuration.initializerHandler?.description ?? "",
            "RUNTIME_INITIALIZER_TIMEOUT": String(configuration.initializerTimeout?.seconds ?? 0),
            "RUNTIME_ROOT": "/home/snuser/runtime",
            // Where the code really is; the cloud's own path is not there to be written to.
            "RUNTIME_CODE_ROOT": code,
            "RUNTIME_LOG_DIR": "/home/snuser/log",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LD_LIBRARY_PATH": "\(code):\(code)/lib",
            "HOME": "/tmp",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
        ]
        for (key, value) in platform { variables[key] = .string(value) }
        return variables
    }

    /// The attributes of the context object that no invocation changes.
    private var contextFacts: JSONObject {
        [
            "function_name": .string(function.name.description),
            "package": .string(function.package.description),
            "project_id": .string(function.project.description),
            "function_version": .string(version),
            "memory": .string(String(memorySize)),
            "cpu": .string(String(function.configuration.memorySize.millicores)),
            "timeout": .integer(timeout * 1_000),
        ]
    }

    private var fidelityChoices: JSONObject {
        JSONObject(
            ["str_result", "none_result", "bytes_result", "running_time"].map { ($0, .string(fidelity[$0])) })
    }

    private static func obstacle(of function: Function) -> RuntimeFailure? {
        let runtime = function.configuration.runtime
        if !runtime.isPython {
            return .unavailable(
                "functions of the runtime \(runtime.rawValue) are stored but not run here; "
                    + "the Python runtimes are run")
        }
        if function.code.form == .none {
            return .unavailable(function.code.problem.isEmpty ? "the function has no code" : function.code.problem)
        }
        return nil
    }
}
