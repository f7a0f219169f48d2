import CSystem
import Glibc
import Sockets
import WorkerProtocol

/// The server's side of a zygote: a process that instances are forked from.
@EventLoopActor
final class ZygoteProcess: EventHandler {
    /// What became of an instance.
    enum Event {
        /// It can fork; instances have a file system of their own, or not.
        case ready(PythonVersion, isIsolated: Bool)
        case forked(UInt32, process: pid_t)
        case failed(UInt32, errno: Int32)
        case exited(UInt32, status: Int32)
        /// The zygote itself has ended, and with it the means to start instances.
        case ended
    }

    /// Its process.
    let process: pid_t
    private var control: Int32
    private let handler: (Event) -> Void

    /// Starts the process. `handler` is called on the loop with everything it reports.
    ///
    /// - Throws: `SystemError` when it cannot be started.
    init(
        _ installation: WorkerInstallation, _ library: PythonLibrary?, codeDirectory: String,
        handler: @escaping (Event) -> Void
    ) throws(SystemError) {
        self.handler = handler
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw SystemError("socketpair") }
        defer { close(ends[1]) }
        control = ends[0]
        do throws(SystemError) {
            process = try Self.spawn(
                installation, library, codeDirectory: codeDirectory, control: ends[1])
        } catch {
            close(control)
            throw error
        }
        _ = fcntl(control, F_SETFL, O_NONBLOCK)
        do throws(SystemError) {
            try EventLoop.shared.watch(control, for: .readable, handler: self)
        } catch {
            finish()
            throw error
        }
    }

    /// Whether the process takes orders.
    var isAlive: Bool { control >= 0 }

    /// Orders an instance. The descriptors are duplicated on the way; the caller closes its own.
    ///
    /// - Throws: `SystemError` when the zygote is not keeping up.
    func fork(_ id: UInt32, descriptors: [Int32]) throws(SystemError) {
        let sent = ZygoteMessage(.fork, id: id).withBytes {
            csystem_send_descriptors(control, $0.baseAddress, $0.count, descriptors, Int32(descriptors.count))
        }
        // Of one that has just died the news comes right after, and with it the end of this instance.
        if sent < 0, errno != EPIPE, errno != ECONNRESET { throw SystemError("sendmsg") }
    }

    /// Orders the end of an instance and of everything in its process group.
    func kill(_ id: UInt32) {
        guard isAlive else { return }
        _ = ZygoteMessage(.kill, id: id).withBytes {
            send(control, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// Has the process end itself and every instance.
    func stop() {
        finish()
    }

    func becameReady(_ readiness: Readiness) {
        var buffer = [UInt8](repeating: 0, count: 64)
        while isAlive {
            let count = recv(control, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return }
            guard count > 0,
                let message = buffer.withUnsafeBytes({ ZygoteMessage(.init(rebasing: $0[..<count])) })
            else {
                finish()
                handler(.ended)
                return
            }
            report(message)
        }
    }

    private func report(_ message: ZygoteMessage) {
        switch message.kind {
        case .ready: handler(.ready(PythonVersion(packed: message.value), isIsolated: message.id == 1))
        case .forked: handler(.forked(message.id, process: message.value))
        case .failed: handler(.failed(message.id, errno: message.value))
        case .exited: handler(.exited(message.id, status: message.value))
        case .fork, .kill: break
        }
    }

    private func finish() {
        guard isAlive else { return }
        EventLoop.shared.unwatch(control)
        // The end of this socket is the order to end.
        close(control)
        control = -1
        let process = process
        ProcessReaper.reap(process)
    }

    private static func spawn(
        _ installation: WorkerInstallation, _ library: PythonLibrary?, codeDirectory: String, control: Int32
    ) throws(SystemError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        // Standard output belongs to the server's own answers.
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, control, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Dispatch's threads block signals, and a spawned process inherits the mask of the thread.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var executable = installation.executable
        var packages = installation.packages
        // A crash of a handler must be quick, and Swift's backtracer would take over its signals.
        var environment = ["LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin", "SWIFT_BACKTRACE=enable=no"]
        if let library {
            guard let shared = installation.sharedExecutable else {
                throw SystemError("\(executable)-shared", code: ENOENT)
            }
            executable = shared
            // Loaded first, it is found first; the worker hides both variables from functions.
            environment.append("LD_PRELOAD=\(library.path)")
            environment.append("FGS_PYTHON_HOME=\(library.home)")
            packages = library.packages
        }
        let arguments = [executable, installation.runtimes, codeDirectory] + packages
        var process: pid_t = 0
        let failure = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                posix_spawn(&process, executable, &actions, &attributes, arguments, environment)
            }
        }
        if failure != 0 { throw SystemError("posix_spawn \(executable)", code: failure) }
        return process
    }

    private static func withCStrings<Result>(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
