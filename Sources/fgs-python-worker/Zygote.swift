import CSystem
import Glibc
import WorkerProtocol

/// The process that instances are forked from: an initialised interpreter that never runs user code.
///
/// It has one thread, so forking it is safe. It takes orders from the server on a socket, one packet each,
/// and ends, with everything it started, when the server has gone.
final class Zygote {
    private let interpreter: Interpreter
    private let control: Int32
    private let childSignals: Int32
    private let sandbox: Sandbox?
    /// The directory of all unpacked code, for instances without a sandbox.
    private let code: String
    /// The instances that live, by process.
    private var instances: [pid_t: UInt32] = [:]
    /// How often it still rehearses what instances do, when nobody wants anything of it.
    private var rehearsals = 12

    /// For how long nobody must have wanted anything, in milliseconds.
    private static let patience: Int32 = 10

    init(interpreter: Interpreter, control: Int32, sandbox: Sandbox?, code: String) {
        self.sandbox = sandbox
        self.code = code
        self.interpreter = interpreter
        self.control = control
        // The thread of the server that started this process may have a higher one than functions should.
        csystem_take_priority(getppid())
        // Orphans of instances that have died come here to be killed.
        csystem_become_subreaper()
        var signals = Self.childSignal()
        sigprocmask(SIG_BLOCK, &signals, nil)
        childSignals = signalfd(-1, &signals, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
    }

    /// Serves until the server has gone, then kills what is left and ends the process. In a forked child it
    /// serves that child's instance instead.
    func serve() -> Never {
        send(ZygoteMessage(.ready, id: sandbox == nil ? 0 : 1, value: interpreter.version))
        while true {
            var watched = [
                pollfd(fd: control, events: Int16(POLLIN), revents: 0),
                pollfd(fd: childSignals, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&watched, 2, rehearsals > 0 ? Self.patience : -1)
            if count == 0 { rehearse() }
            if watched[1].revents != 0 { reap() }
            if watched[0].revents != 0, !receive() { break }
        }
        for process in instances.keys { kill(-process, SIGKILL) }
        for process in instances.keys { waitpid(process, nil, 0) }
        killOrphans()
        exit(0)
    }

    /// CPython adapts code to what it meets (PEP 659), and remembers where it has found attributes. An instance that is
    /// forked after that has less to write, and so less memory to copy; all it takes is to have run a few times.
    private func rehearse() {
        interpreter.rehearse()
        rehearsals -= 1
        if rehearsals == 0 { interpreter.settle() }
    }

    /// Handles one message; false when the server has gone.
    private func receive() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 64)
        var descriptors = [Int32](repeating: -1, count: ZygoteMessage.Descriptor.count)
        var count = Int32(descriptors.count)
        let received = csystem_receive_descriptors(control, &bytes, bytes.count, &descriptors, &count)
        if received < 0 { return errno == EINTR }
        guard let message = bytes.withUnsafeBytes({ ZygoteMessage(.init(rebasing: $0[..<received])) }) else {
            return false
        }
        switch message.kind {
        case .fork where Int(count) == descriptors.count:
            fork(message.id, descriptors)
        case .kill:
            if let process = instances.first(where: { $0.value == message.id })?.key {
                kill(-process, SIGKILL)
            }
        default:
            return false
        }
        return true
    }

    /// Forks an instance, without a word to the interpreter: `PyOS_AfterFork_Child` and the functions that `threading`
    /// and `logging` have it call replace locks that another thread may have held, and forget other threads. Here was
    /// none, nobody held anything, and the thread that goes on has the same identity. What else is different in the new
    /// process, its id for one, is for `fgs_runtime.instance.load`.
    private func fork(_ id: UInt32, _ descriptors: [Int32]) {
        let child = csystem_fork()
        if child == 0 { becomeInstance(id, descriptors) }
        let failure = errno
        for descriptor in descriptors { close(descriptor) }
        if child > 0 {
            instances[child] = id
            send(ZygoteMessage(.forked, id: id, value: child))
        } else {
            send(ZygoteMessage(.failed, id: id, value: failure))
        }
    }

    private func becomeInstance(_ id: UInt32, _ descriptors: [Int32]) -> Never {
        close(control)
        close(childSignals)
        var signals = Self.childSignal()
        sigprocmask(SIG_UNBLOCK, &signals, nil)
        do throws(PythonError) {
            let instance = try Instance(
                id: id,
                interpreter: interpreter,
                sandbox: sandbox,
                code: code,
                orders: descriptors[ZygoteMessage.Descriptor.orders],
                answers: descriptors[ZygoteMessage.Descriptor.answers],
                output: descriptors[ZygoteMessage.Descriptor.output],
                lifeline: descriptors[ZygoteMessage.Descriptor.lifeline]
            )
            instance.serve()
        } catch {
            StandardError.print("fgs-python-worker: an instance could not start: \(error.message)")
            _exit(70)
        }
    }

    private func reap() {
        var information = [UInt8](repeating: 0, count: 128)
        while read(childSignals, &information, information.count) > 0 {}
        var status: Int32 = 0
        var anInstanceEnded = false
        while true {
            let process = waitpid(-1, &status, WNOHANG)
            guard process > 0 else { break }
            guard let id = instances.removeValue(forKey: process) else { continue }
            // The group outlives its leader.
            kill(-process, SIGKILL)
            anInstanceEnded = true
            send(ZygoteMessage(.exited, id: id, value: status))
        }
        if anInstanceEnded { killOrphans() }
    }

    /// Kills every child that is no instance. Instances adopt their own orphans, so these belong to dead ones;
    /// and killing one may bring its children here.
    private func killOrphans() {
        while true {
            let orphans = ChildProcesses.current().filter { instances[$0] == nil }
            if orphans.isEmpty { return }
            for orphan in orphans { kill(orphan, SIGKILL) }
            for orphan in orphans { waitpid(orphan, nil, 0) }
        }
    }

    private func send(_ message: ZygoteMessage) {
        _ = message.withBytes { Glibc.send(control, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    private static func childSignal() -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGCHLD)
        return signals
    }
}
