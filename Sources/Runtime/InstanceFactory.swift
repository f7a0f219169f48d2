import Glibc
import Logging
import Sockets
import WorkerProtocol

/// Makes instances: keeps the zygote alive, and a few children of it forked ahead.
///
/// A child forked ahead is nobody in particular; telling it which function it is takes a third of the time
/// that forking takes.
@EventLoopActor
public final class InstanceFactory {
    /// The library that instances run on; nil for the Python that the worker was built with.
    public let library: PythonLibrary?

    private let installation: WorkerInstallation
    private let codeDirectory: String
    private let spareCount: Int
    private let logger: Logger
    private var zygote: ZygoteProcess?
    private var instances: [UInt32: Instance] = [:]
    private var spares: [Instance] = []
    /// Ids are unique in the whole server: users and directories are named after them.
    private static var lastID: UInt32 = 0
    private var isStopping = false
    private var failuresInARow = 0
    private var waiting: [(PythonVersion) -> Void] = []
    private lazy var refillTimer = LoopTimer { [weak self] in self?.refill() }
    private lazy var restartTimer = LoopTimer { [weak self] in self?.startZygote() }

    /// Forking ahead waits until what is urgent is done, in nanoseconds.
    private static let refillDelay: UInt64 = 10_000_000

    /// The interpreter that instances run; nil until the zygote has started.
    public private(set) var pythonVersion: PythonVersion?

    /// Whether instances have a file system of their own; nil until the zygote has started.
    public private(set) var isIsolated: Bool?

    /// A factory that has started nothing yet.
    ///
    /// - Parameters:
    ///   - codeDirectory: Where the code of all functions is unpacked; it exists.
    ///   - spareCount: How many children are forked ahead.
    ///   - library: What instances run on, if not on the Python that the worker was built with.
    public init(
        _ installation: WorkerInstallation, library: PythonLibrary? = nil, codeDirectory: String,
        spareCount: Int, logger: Logger
    ) {
        self.library = library
        self.codeDirectory = codeDirectory
        self.installation = installation
        self.spareCount = spareCount
        self.logger = logger
    }

    /// The number of processes that are instances or wait to become one.
    public var processCount: Int { instances.count }

    /// What its instances run on, for people: `CPython 3.11.2`, and of which library if it is not the usual one. Without
    /// its version until it has started.
    public var interpreter: String {
        let version = pythonVersion.map { " \($0)" } ?? ""
        return "CPython\(version)\(library.map { " of \($0.name)" } ?? "")"
    }

    /// Calls back with the interpreter's version as soon as it has started.
    public func whenReady(_ body: @escaping (PythonVersion) -> Void) {
        if let pythonVersion {
            body(pythonVersion)
        } else {
            waiting.append(body)
        }
    }

    /// Starts the zygote. Instances may be asked for at once; they wait for it.
    public func start() {
        // To write to an instance that has just gone is an error, and not the end of this process.
        signal(SIGPIPE, SIG_IGN)
        startZygote()
    }

    /// An instance that is to be told which function it is.
    ///
    /// - Throws: `SystemError` when there are no descriptors left, or the zygote cannot be started.
    public func makeInstance() throws(SystemError) -> Instance {
        refillTimer.schedule(after: Self.refillDelay)
        if let spare = spares.popLast() { return spare }
        return try fork()
    }

    /// Ends the zygote and every instance.
    public func stop() {
        isStopping = true
        refillTimer.cancel()
        restartTimer.cancel()
        for instance in instances.values { instance.kill() }
        zygote?.stop()
        zygote = nil
        for instance in instances.values { instance.ended() }
        instances = [:]
        spares = []
    }

    private func fork() throws(SystemError) -> Instance {
        guard let zygote, zygote.isAlive else {
            throw SystemError("the Python worker is not running", code: ESRCH)
        }
        let descriptors = try InstanceDescriptors()
        Self.lastID &+= 1
        let id = Self.lastID
        try zygote.fork(
            id,
            descriptors: [
                descriptors.instanceOrders.rawValue, descriptors.instanceAnswers.rawValue,
                descriptors.instanceOutput.rawValue, descriptors.instanceLifeline.rawValue,
            ]
        )
        let instance = try Instance(id: id, descriptors) { [weak self] in self?.zygote?.kill($0.id) }
        instances[instance.id] = instance
        return instance
    }

    private func refill() {
        guard !isStopping, let zygote, zygote.isAlive, pythonVersion != nil else { return }
        while spares.count < spareCount {
            do throws(SystemError) {
                spares.append(try fork())
            } catch {
                logger.warning("no instance can be forked ahead: \(error)")
                return
            }
        }
    }

    private func startZygote() {
        guard !isStopping else { return }
        let reaper = OrphanReaper.shared
        do throws(SystemError) {
            let zygote = try ZygoteProcess(installation, library, codeDirectory: codeDirectory) {
                [weak self] in
                self?.handle($0)
            }
            reaper.zygoteStarted(zygote.process)
            self.zygote = zygote
        } catch {
            logger.error("the Python worker cannot be started: \(error)")
            restart()
        }
    }

    private func handle(_ event: ZygoteProcess.Event) {
        switch event {
        case .ready(let version, let isIsolated):
            pythonVersion = version
            if !isIsolated, self.isIsolated == nil {
                logger.warning(
                    """
                    functions see the server's files and can write what it can: this system lets the server give them \
                    no file system of their own. That takes root, or user namespaces for everyone; containers \
                    usually have neither
                    """)
            }
            self.isIsolated = isIsolated
            failuresInARow = 0
            logger.debug("CPython \(version) is ready")
            refill()
            for body in waiting { body(version) }
            waiting = []
        case .forked(let id, let process):
            instances[id]?.process = process
        case .failed(let id, let code):
            logger.error("an instance could not be forked: \(SystemError("fork", code: code))")
            remove(id, status: nil)
        case .exited(let id, let status):
            remove(id, status: status)
        case .ended:
            logger.error("the Python worker ended; its instances end with it, and it is started again")
            if let process = zygote?.process { OrphanReaper.shared.zygoteEnded(process) }
            zygote = nil
            spares = []
            // One that has served is replaced before anybody notices: what is asked for next waits for it.
            restart()
            for (id, instance) in instances {
                instance.kill()
                remove(id, status: nil)
            }
        }
    }

    private func remove(_ id: UInt32, status: Int32?) {
        guard let instance = instances.removeValue(forKey: id) else { return }
        if let index = spares.firstIndex(where: { $0 === instance }) {
            spares.remove(at: index)
            refillTimer.schedule(after: Self.refillDelay)
        }
        instance.exitStatus = status
        instance.ended()
    }

    /// At once if the last one was ready; else later each time, so that a broken installation does not spin.
    private func restart() {
        failuresInARow += 1
        guard failuresInARow > 1 else { return startZygote() }
        restartTimer.schedule(after: min(5_000, 10 << UInt64(min(failuresInARow, 9))) * 1_000_000)
    }
}
