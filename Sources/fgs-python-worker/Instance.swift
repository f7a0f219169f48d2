import CPython
import CSystem
import Glibc
import WorkerProtocol

/// An instance of a function: a forked process that serves one request after another, or several at once, until its
/// end.
final class Instance {
    private let id: UInt32
    private let interpreter: Interpreter
    private let sandbox: Sandbox?
    private let code: String
    private var channel: FrameChannel
    private let process = getpid()
    private var isLoaded = false
    /// A request that was read before the load which it was sent behind: the server took both out of the pipe again, as
    /// far as it could, and put the load back.
    private var early: (header: FrameHeader, payload: UnsafeRawBufferPointer)?
    private var servesConcurrently = false
    /// Whether the last request left output that the server had not read.
    private var hasUnreadOutput = false

    /// For how long a process waits to be told what it is before it prepares for that, in milliseconds.
    private static let patience: Int32 = 2

    /// Makes the freshly forked process an instance that can be told which function it is.
    init(
        id: UInt32, interpreter: Interpreter, sandbox: Sandbox?, code: String, orders: Int32, answers: Int32,
        output: Int32, lifeline: Int32
    ) throws(PythonError) {
        self.id = id
        self.interpreter = interpreter
        self.sandbox = sandbox
        self.code = code
        channel = FrameChannel(orders: orders, answers: answers)
        // A session of its own: one signal reaches everything the handler starts and does not hide.
        setsid()
        csystem_signal_group_on_ready(lifeline, getpid(), SIGKILL)
        // What hides in another session is adopted by this process, and by the zygote after its end.
        csystem_become_subreaper()
        csystem_set_process_name("fgs-instance")
        // The server wakes an instance in the middle of its work, and has an answer for another client to send.
        csystem_let_wakers_go_on()
        csystem_write_file("/proc/self/oom_score_adj", "1000")
        dup2(output, STDOUT_FILENO)
        dup2(output, STDERR_FILENO)
        OutputPipe.keep(output)
        Self.limit(RLIMIT_CORE, to: 0)
        if let sandbox {
            guard sandbox.prepareInstance() else {
                throw PythonError("the instance cannot have a /tmp of its own")
            }
            Measurement.temporary = csystem_open_place("/tmp")
        }
        InstanceMethods.connect(orders: orders, answers: answers)
    }

    /// Serves until the server ends the instance. Never returns.
    func serve() -> Never {
        do throws(PythonError) {
            // Whoever is wanted at once has no time for it.
            if !channel.hasFrame(within: Self.patience) { interpreter.rehearse() }
            while true {
                switch receive() {
                case .interrupted: interpreter.runSignalHandlers()
                case .ended: leave(0)
                case .frame(let header): try handle(header)
                }
            }
        } catch {
            StandardError.print("fgs-python-worker: \(error.message)")
            leave(70)
        }
    }

    private func receive() -> FrameChannel.Incoming {
        let state = PyEval_SaveThread()
        defer { PyEval_RestoreThread(state) }
        return channel.receive()
    }

    private func handle(_ header: FrameHeader) throws(PythonError) {
        switch header.kind {
        case .load:
            try load(header)
            if let early { try invoke(early.header, early.payload) }
        case .invoke where !isLoaded: early = (header, Self.copy(channel.payload))
        case .invoke: try servesConcurrently ? submit(header) : invoke(header, channel.payload)
        case .stop:
            try interpreter.stop()
            leave(0)
        default: throw PythonError("the server sent a frame of kind \(header.kind)")
        }
    }

    private func load(_ header: FrameHeader) throws(PythonError) {
        let arrangements: LoadHeader
        do throws(LoadHeader.TooShort) {
            arrangements = try LoadHeader(channel.payload)
        } catch {
            throw PythonError("a load frame is too short")
        }
        let root = try confine(arrangements)
        Self.limit(RLIMIT_NOFILE, to: UInt64(arrangements.openFiles))
        csystem_limit_processes(arrangements.processes)
        if arrangements.dataMiB > 0 { Self.limit(RLIMIT_DATA, to: UInt64(arrangements.dataMiB) << 20) }
        servesConcurrently = arrangements.concurrency > 1
        let specification = UnsafeRawBufferPointer(rebasing: channel.payload[arrangements.byteCount...])
        let measurement = Measurement()
        let failure = try interpreter.load(
            specification, root: root.code, bytecode: root.bytecode, concurrency: arrangements.concurrency)
        if let failure {
            try report(.loadFailed, request: header.request, failure, measurement)
            leave(1)
        }
        // Measured here: the server may see frames late, and what the caller pays for must not depend on that.
        send(.ready, request: header.request, InstanceMethods.initializer?.result(code: 0) ?? .zero)
        isLoaded = true
    }

    /// Bytes for the rest of the process's life.
    private static func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
        copy.copyMemory(from: bytes)
        return UnsafeRawBufferPointer(copy)
    }

    /// Shuts the instance in with its code.
    ///
    /// - Returns: Where the code and its bytecode are found.
    private func confine(_ header: LoadHeader) throws(PythonError) -> (code: String, bytecode: String) {
        guard let sandbox else {
            return ("\(code)/\(header.codeName)/code", "\(code)/\(header.codeName)/pycache")
        }
        guard sandbox.confine(header, id: id) else { throw PythonError("the instance cannot be shut in") }
        return (Sandbox.code, Sandbox.bytecode)
    }

    private func invoke(
        _ header: FrameHeader, _ payload: UnsafeRawBufferPointer
    ) throws(PythonError) {
        let parts = try Self.locate(in: payload)
        if hasUnreadOutput { interpreter.withoutLock { OutputPipe.waitUntilRead() } }
        let measurement = Measurement()
        let output = try interpreter.invoke(request: header.request, payload, parts)
        // A handler that forked and came back twice: only the instance itself may answer.
        guard getpid() == process else { leave(0) }
        try report(.result, request: header.request, output, measurement)
    }

    /// Has a thread of the runtime package take the request; it answers by itself.
    private func submit(_ header: FrameHeader) throws(PythonError) {
        try interpreter.submit(
            request: header.request, channel.payload, Self.locate(in: channel.payload))
    }

    private static func locate(
        in payload: UnsafeRawBufferPointer
    ) throws(PythonError) -> InvocationEnvelope.Parts {
        guard let parts = InvocationEnvelope.locate(in: payload) else {
            throw PythonError("an invoke frame is broken")
        }
        return parts
    }

    private func report(
        _ kind: FrameKind,
        request: UInt64,
        _ output: borrowing Output,
        _ measurement: Measurement
    ) throws(PythonError) {
        let result = measurement.result(code: output.code)
        hasUnreadOutput = result.hasUnreadOutput
        let sent = try output.withBytes { bytes in
            // Other threads may run while a large result waits for the server to take it.
            interpreter.withoutLock {
                withUnsafeTemporaryAllocation(byteCount: ResultHeader.byteCount, alignment: 8) { prefix in
                    result.write(to: prefix)
                    return channel.send(
                        kind,
                        request: request,
                        prefix: UnsafeRawBufferPointer(prefix),
                        bytes: bytes
                    )
                }
            }
        }
        if !sent { leave(0) }
    }

    private func send(_ kind: FrameKind, request: UInt64, _ result: ResultHeader) {
        let sent = withUnsafeTemporaryAllocation(byteCount: ResultHeader.byteCount, alignment: 8) { prefix in
            result.write(to: prefix)
            return channel.send(kind, request: request, prefix: UnsafeRawBufferPointer(prefix))
        }
        if !sent { leave(0) }
    }

    /// Ends the process at once: no Python finalization, which threads of the handler could hold up.
    private func leave(_ status: Int32) -> Never {
        _exit(status)
    }

    private static func limit(_ resource: __rlimit_resource, to value: UInt64) {
        var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
        setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
}
