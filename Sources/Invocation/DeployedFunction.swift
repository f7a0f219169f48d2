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

    private let kind: Kind
    private let isolatesNetworks: Bool
    private let specification: LoadSpecification

    /// The longest a client waits for a handler, in seconds (runtime guide, "Limits and quotas").
    private static let maximumSynchronousTimeout = 900
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
        isolatesNetworks = configuration.isolatesNetworks
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
        specification = LoadSpecification(
            of: function, kind: kind, memorySize: memorySize, preStopTimeout: preStopTimeout, configuration)
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
    ///   - requestID: The request that the instance is started for, if it is for one.
    ///   - alias: The alias which that called.
    func loadPayload(
        code directory: String, temporary: String?, requestID: String, alias: String
    ) -> [UInt8] {
        let hasOwnNetwork = kind == .http && isolatesNetworks && temporary == nil
        var payload: [UInt8] = []
        LoadHeader(
            // A program of its own may map what it likes; its memory in use is limited all the same.
            dataMiB: kind == .python ? UInt32(memorySize) + Self.mappingSlack : 0, openFiles: Self.openFiles,
            processes: Self.processes, temporaryMiB: UInt32(storageSize), concurrency: UInt32(concurrency),
            hasOwnNetwork: hasOwnNetwork, codeName: directory
        ).append(to: &payload)
        payload += specification.text(
            temporary: temporary, hasOwnNetwork: hasOwnNetwork, requestID: requestID, alias: alias)
        return payload
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
