import EmulatorAPI
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
    /// The URL clients use; nil before `start`.
    public private(set) var url: String?

    private let configuration: EmulatorConfiguration
    private let logger: Logger
    private let authenticator: Authenticator
    private let store: FunctionStore
    private let instances: InstanceFactory
    private let invoker: Invoker
    private let api: APIServer
    private let server: Server

    /// Opens the store in `directory` and starts the Python worker; nothing listens yet.
    ///
    /// - Throws: `DirectoryError` for users and keys that cannot be used, `WorkerInstallationError`, or what
    ///   the store cannot cope with.
    public init(
        _ configuration: EmulatorConfiguration, directory: borrowing DataDirectory, logger: Logger
    ) throws {
        self.configuration = configuration
        self.logger = logger
        let clock = Clock()
        authenticator = try Authenticator(
            configuration.identity, region: configuration.region, defaultProject: configuration.project, clock: clock)
        let accounts = authenticator.directory
        let installation = try WorkerInstallation.find()
        instances = InstanceFactory(installation, spareCount: configuration.spareInstances, logger: logger)
        // As early as can be: it initialises CPython while the rest is put together.
        instances.start()
        let changes = StoreChanges()
        let store = try FunctionStore(path: directory.database) { changes.announce($0) }
        self.store = store
        let workQueue = WorkQueue(label: "fgs-emulator.work", width: 8)
        invoker = Invoker(
            InvokerConfiguration(
                codeDirectory: directory.code, idleNanoseconds: UInt64(configuration.idleSeconds) * 1_000_000_000,
                fidelity: configuration.fidelity),
            store: store, instances: instances, clock: clock, workQueue: workQueue, logger: logger)
        changes.receiver = { [invoker] in invoker.apply($0) }
        let apiConfiguration = APIConfiguration(
            region: configuration.region, defaultProject: accounts.defaultProject.id, domainID: accounts.domainID,
            version: configuration.version,
            browserGuard: BrowserGuard(
                allowedHosts: configuration.allowedHosts, allowsShortNames: !configuration.listensOnLoopbackOnly),
            fidelity: configuration.fidelity)
        api = APIServer(
            apiConfiguration, controlPlane: ControlPlane(
                store, apiConfiguration, clock: clock,
                codeSource: CodeSource(
                    buckets: configuration.bucketRoot.map(LocalBuckets.init), allowsNetwork: configuration.allowsNetwork),
                templates: TemplateLibrary(directory: installation.templates)), invoker: invoker,
            authenticator: authenticator, workQueue: workQueue, logger: logger)
        server = Server(handler: api)
    }

    /// Listens, and says so in the ready file.
    ///
    /// - Throws: `ListenError`, or `SystemError` when the ready file cannot be written.
    public func start() throws {
        try server.start(host: configuration.host, port: configuration.port)
        let url = "http://\(Self.authority(configuration.host, server.port))"
        self.url = url
        if let readyFile = configuration.readyFile {
            try ReadyFile.write(to: readyFile, url: url, port: server.port)
        }
        let project = authenticator.directory.defaultProject.id
        logger.info("serving region \(configuration.region), project \(project)", metadata: ["url": "\(url)"])
        if let remark = authenticator.remark { logger.warning("\(remark)") }
    }

    /// Stops accepting, waits for what runs, ends the workers and closes the store. `completion` is called
    /// on the loop.
    public func stop(graceSeconds: UInt32, completion: @escaping () -> Void) {
        server.stop(graceMilliseconds: UInt64(graceSeconds) * 1_000) { [self] in
            instances.stop()
            if let readyFile = configuration.readyFile { unlink(readyFile) }
            do {
                try store.close()
            } catch {
                logger.error("the database could not be closed: \(error)")
            }
            completion()
        }
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
