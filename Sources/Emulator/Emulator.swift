import EmulatorAPI
import EventSources
import FunctionGraph
import FunctionStore
import Glibc
import HTTPServer
import Identity
import Invocation
import Logging
import ObjectStorage
import Runtime
import Sockets
import Timekeeping

/// A FunctionGraph in one process: all parts, put together, from start to stop.
@EventLoopActor
public final class Emulator {
    private let configuration: EmulatorConfiguration
    private let logger: Logger
    private let authenticator: Authenticator
    private let store: FunctionStore
    private let pythons: Pythons
    private let invoker: Invoker
    private let asyncQueue: AsyncQueue
    private let reservations: Reservations
    private let triggers: TriggerEngine
    private let kafka: KafkaSource
    private let api: APIServer
    private let server: Server
    /// Until `start`.
    private var socket: ListeningSocket?
    private let memory = MemoryRelief()
    private var isEnding = false
    private var hasClosed = false
    private var whenClosed: [() -> Void] = []

    /// Opens the port, starts the Python worker and opens the store in `directory`; who comes waits for `start`.
    ///
    /// - Throws: `ListenError`, `DirectoryError` for users and keys that cannot be used,
    ///   `WorkerInstallationError`, or what the store cannot cope with.
    public init(
        _ configuration: EmulatorConfiguration, directory: borrowing DataDirectory, logger: Logger
    ) throws {
        self.configuration = configuration
        self.logger = logger
        let clock = Clock()
        authenticator = try Authenticator(
            configuration.identity, region: configuration.region, defaultProject: configuration.project,
            clock: clock)
        let accounts = authenticator.directory
        // Before anything is done that a port in use would make useless. Clients that are early wait instead of being
        // refused.
        socket = try ListeningSocket(host: configuration.host, port: configuration.port)
        let installation = try WorkerInstallation.find()
        pythons = Pythons(
            installation, libraries: try Self.libraries(configuration.pythonLibraries, installation),
            codeDirectory: directory.code, spareCount: configuration.spareInstances, logger: logger)
        // As early as can be: it initialises CPython while the rest is put together.
        pythons.main.start()
        let changes = StoreChanges()
        let store = try FunctionStore(
            path: directory.database, limits: ProjectLimits(functions: configuration.functionQuota)
        ) { changes.announce($0) }
        self.store = store
        let workQueue = WorkQueue(label: "fgs-emulator.work", width: 8)
        let timekeeper = Timekeeper(clock)
        let logs = LogRecorder(
            LogStore(path: directory.logs), clock: clock,
            bytesPerFunction: configuration.logBytesPerFunction, logger: logger)
        invoker = Invoker(
            InvokerConfiguration(
                region: configuration.region, codeDirectory: directory.code,
                idleMilliseconds: Int64(configuration.idleSeconds) * 1_000, fidelity: configuration.fidelity,
                agencies: try configuration.agencyFile.map(AgencyFile.read) ?? [:],
                isolatesNetworks: configuration.isolatesNetworks),
            store: store, pythons: pythons, timekeeper: timekeeper, logs: logs, workQueue: workQueue,
            logger: logger)
        let buckets = configuration.bucketRoot.map(LocalBuckets.init)
        let destinations = Destinations(
            buckets: buckets, endpoints: configuration.topicEndpoints, region: configuration.region,
            workQueue: workQueue, clock: clock, logger: logger)
        asyncQueue = AsyncQueue(
            store: store, invoker: invoker, workQueue: WorkQueue(label: "fgs-emulator.async", width: 1),
            destinations: destinations, region: configuration.region, logger: logger)
        reservations = Reservations(
            store: store, invoker: invoker, timekeeper: timekeeper, workQueue: workQueue,
            region: configuration.region, logger: logger)
        triggers = TriggerEngine(
            store: store, queue: asyncQueue, timekeeper: timekeeper, region: configuration.region,
            logger: logger)
        triggers.add(TimerScheduler(triggers))
        let publisher = Publisher(triggers, account: accounts.domainID)
        kafka = KafkaSource(publisher: publisher, logger: logger)
        triggers.add(kafka)
        if let buckets { triggers.add(BucketWatcher(buckets, publisher: publisher, logger: logger)) }
        var apiConfiguration = APIConfiguration(
            region: configuration.region, defaultProject: accounts.defaultProject.id,
            domainID: accounts.domainID,
            version: configuration.version,
            browserGuard: BrowserGuard(
                allowedHosts: configuration.allowedHosts,
                allowsShortNames: !configuration.listensOnLoopbackOnly),
            fidelity: configuration.fidelity)
        apiConfiguration.gatewaySeconds = configuration.gatewaySeconds
        api = APIServer(
            apiConfiguration,
            controlPlane: ControlPlane(
                store, apiConfiguration, clock: clock,
                codeSource: CodeSource(buckets: buckets, allowsNetwork: configuration.allowsNetwork),
                templates: TemplateLibrary(directory: installation.templates)), invoker: invoker,
            asyncQueue: asyncQueue, triggers: triggers, publisher: publisher, destinations: destinations,
            authenticator: authenticator,
            workQueue: workQueue, logger: logger)
        server = Server(handler: api)
        let functionChanged = { [invoker, reservations, triggers] (function: FunctionURN) in
            invoker.forget(function)
            invoker.deploySoon(function)
            reservations.functionChanged(function)
            triggers.reload(function)
        }
        changes.receiver = { [api, invoker, reservations, triggers] change in
            api.storeChanged(change)
            switch change {
            case .created(let detail):
                invoker.deploySoon(detail.function.urn(in: configuration.region).qualified(.unspecified))
            case .changed(let detail):
                functionChanged(detail.function.urn(in: configuration.region).qualified(.unspecified))
            case .deleted(let function): functionChanged(function)
            case .routing(let function):
                invoker.forgetRoutes(of: function)
                reservations.functionChanged(function)
                triggers.reload(function)
            case .reservedInstances: reservations.reload()
            case .triggers(let function): triggers.reload(function)
            case .codeUnused(let digests): invoker.removeUnusedCode(digests)
            }
        }
    }

    private static func libraries(
        _ paths: [RuntimeLabel: String], _ installation: WorkerInstallation
    ) throws -> [String: PythonLibrary] {
        if !paths.isEmpty { try installation.requireSharedExecutable() }
        var libraries: [String: PythonLibrary] = [:]
        for (runtime, path) in paths {
            do throws(PythonLibraryError) {
                libraries[runtime.rawValue] = try PythonLibrary(path: path)
            } catch {
                throw RuntimeLibraryError(runtime: runtime, error: error)
            }
        }
        return libraries
    }

    /// Serves, and says so in the ready file. To be called once.
    ///
    /// - Parameter announce: Is given the URL, before the file appears.
    /// - Throws: `ListenError` when the process has no descriptors left, or `SystemError` when the ready file
    ///   cannot be written.
    public func start(announce: (_ url: String) -> Void = { _ in }) throws {
        guard let socket = socket.take() else { return }
        try server.start(on: socket)
        invoker.removeLeftovers()
        asyncQueue.start()
        reservations.reload()
        triggers.start()
        let url = "http://\(Self.authority(configuration.host, server.port))"
        if let readyFile = configuration.readyFile {
            try ReadyFile.write(to: readyFile, url: url, port: server.port) { announce(url) }
        } else {
            announce(url)
        }
        memory.start()
        let project = authenticator.directory.defaultProject.id
        logger.info("serving region \(configuration.region), project \(project)", metadata: ["url": "\(url)"])
        if let remark = authenticator.remark { logger.warning("\(remark)") }
    }

    /// Stops accepting, waits for what runs, ends the workers and closes the store. `completion` is called
    /// on the loop. May be called again, with less time: the shortest decides, and all are called at the end.
    ///
    /// - Parameter graceSeconds: What still runs after so long is ended; so is a pre-stop handler.
    public func stop(graceSeconds: UInt32, completion: @escaping () -> Void) {
        guard !hasClosed else { return completion() }
        whenClosed.append(completion)
        let grace = UInt64(graceSeconds) * 1_000
        let deadline = EventLoop.monotonicNanoseconds() + grace * 1_000_000
        asyncQueue.stop()
        // Brokers are left while the rest goes on; at the end somebody waits for what is not done by then.
        kafka.stop(within: Self.longestLeave)
        server.stop(graceMilliseconds: grace) { [self] in
            invoker.stop(by: deadline, endLimit: Self.longestEnd) { [self] in end() }
        }
    }

    /// Ends the workers, stores everything that gathered behind the answers, and closes.
    private func end() {
        guard !isEnding else { return }
        isEnding = true
        asyncQueue.abandon()
        pythons.stop()
        kafka.whenStopped { [self] in
            invoker.flushMetrics { [self] in
                invoker.logs.close { [self] in asyncQueue.flush { [self] in close() } }
            }
        }
    }

    /// How long leaving the groups of Kafka's consumers may take at the end, in milliseconds.
    private static let longestLeave: UInt64 = 2_000

    /// How long instances that have nothing else to do may take for their pre-stop handlers at the end, in nanoseconds.
    private static let longestEnd: UInt64 = 5_000_000_000

    private func close() {
        if let readyFile = configuration.readyFile { unlink(readyFile) }
        asyncQueue.finish()
        do {
            try store.close()
        } catch {
            logger.error("the database could not be closed: \(error)")
        }
        hasClosed = true
        var completions: [() -> Void] = []
        swap(&completions, &whenClosed)
        for completion in completions { completion() }
    }

    /// The host and port as they stand in a URL. The unspecified address is no place to go; loopback is.
    private static func authority(_ host: String, _ port: UInt16) -> String {
        switch host {
        case "0.0.0.0", "": "127.0.0.1:\(port)"
        case "::": "[::1]:\(port)"
        default: host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}
