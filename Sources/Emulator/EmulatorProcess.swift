import CSystem
import Dispatch
import Glibc
import Logging
import Sockets

/// The emulator as a process: from its configuration to its exit code.
public enum EmulatorProcess {
    /// Settles what has to be settled before there are threads. To be called first of all.
    public static func prepareMemory() {
        csystem_share_heap()
    }

    /// Serves until a signal or a failure ends it.
    ///
    /// - Returns: The exit code: 0 after a signal, 1 when it could not start.
    public static func run(_ configuration: EmulatorConfiguration) async -> Int32 {
        let sink = LogSink(descriptor: STDERR_FILENO)
        var logger = Logger(label: "fgs-emulator") { _ in
            LineLogHandler(level: configuration.logLevel, format: configuration.logFormat, sink: sink)
        }
        logger.logLevel = configuration.logLevel
        prepareProcess()
        defer { sink.flush() }
        do {
            let directory =
                if let path = configuration.dataDirectory {
                    try DataDirectory(persistent: path)
                } else {
                    try DataDirectory()
                }
            defer { directory.removeIfEphemeral() }
            try await serve(configuration, directory, logger)
            return 0
        } catch {
            sink.flush()
            printLine("fgs-emulator: \(error)", to: STDERR_FILENO)
            return 1
        }
    }

    private static func serve(
        _ configuration: EmulatorConfiguration, _ directory: borrowing DataDirectory, _ logger: Logger
    ) async throws {
        let signals = StopSignals()
        let emulator = try await start(configuration, directory, logger)
        await signals.first()
        logger.info("stopping; a second signal stops at once")
        let immediately = Task {
            await signals.first()
            await emulator.stop(graceSeconds: 0)
        }
        await emulator.stop(graceSeconds: configuration.graceSeconds)
        immediately.cancel()
    }

    @EventLoopActor
    private static func start(
        _ configuration: EmulatorConfiguration, _ directory: borrowing DataDirectory, _ logger: Logger
    ) throws -> Emulator {
        let emulator = try Emulator(configuration, directory: directory, logger: logger)
        try emulator.start { printLine("fgs-emulator ready on \($0)", to: STDOUT_FILENO) }
        return emulator
    }

    private static func prepareProcess() {
        signal(SIGPIPE, SIG_IGN)
        // Orphans of a worker that died come to this process, which can then end them.
        csystem_become_subreaper()
        // Four descriptors per instance and one per connection: as many as the system grants.
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private static func printLine(_ text: String, to descriptor: Int32) {
        let bytes = Array("\(text)\n".utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}

extension Emulator {
    /// Stops, and returns when everything has ended.
    func stop(graceSeconds: UInt32) async {
        await withCheckedContinuation { continuation in
            stop(graceSeconds: graceSeconds) { continuation.resume() }
        }
    }
}
