import CPython
import CSystem
import Glibc
import WorkerProtocol

/// An instance of a function: a forked process that serves one request after another until its end.
final class Instance {
    private let interpreter: Interpreter
    private var channel: FrameChannel
    private let process = getpid()

    /// The frame socket of this process's instance; a forked child of the handler closes it.
    ///
    /// Written once, before any thread of the handler exists.
    nonisolated(unsafe) private static var socket: Int32 = -1
    nonisolated(unsafe) private static var closeSocketMethod = PyMethodDef()
    nonisolated(unsafe) private static var initializingMethod = PyMethodDef()

    /// Makes the freshly forked process an instance that can be told which function it is.
    init(interpreter: Interpreter, socket: Int32, output: Int32, lifeline: Int32) throws(PythonError) {
        self.interpreter = interpreter
        channel = FrameChannel(descriptor: socket)
        Self.socket = socket
        // A session of its own: one signal reaches everything the handler starts and does not hide.
        setsid()
        csystem_signal_group_on_ready(lifeline, getpid(), SIGKILL)
        // What hides in another session is adopted by this process, and by the zygote after its end.
        csystem_become_subreaper()
        csystem_set_process_name("fgs-instance")
        csystem_write_file("/proc/self/oom_score_adj", "1000")
        dup2(output, STDOUT_FILENO)
        dup2(output, STDERR_FILENO)
        close(output)
        Self.limit(RLIMIT_CORE, to: 0)
        try interpreter.registerAfterFork(Self.closeSocket())
    }

    /// Serves until the server ends the instance. Never returns.
    func serve() -> Never {
        do throws(PythonError) {
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
        case .load: try load(header)
        case .invoke: try invoke(header)
        default: throw PythonError("the server sent a frame of kind \(header.kind)")
        }
    }

    private func load(_ header: FrameHeader) throws(PythonError) {
        guard let limits = LoadHeader(channel.payload) else { throw PythonError("a load frame is too short") }
        Self.limit(RLIMIT_NOFILE, to: UInt64(limits.openFiles))
        if limits.dataMiB > 0 { Self.limit(RLIMIT_DATA, to: UInt64(limits.dataMiB) << 20) }
        let specification = UnsafeRawBufferPointer(rebasing: channel.payload[LoadHeader.byteCount...])
        let measurement = Measurement()
        let failure = try interpreter.load(specification, initializing: Self.initializing())
        if let failure {
            try report(.loadFailed, request: header.request, failure, measurement)
            leave(1)
        }
        let result = measurement.result(code: 0)
        send(.ready, request: header.request, result)
    }

    private func invoke(_ header: FrameHeader) throws(PythonError) {
        let payload = channel.payload
        guard let parts = InvocationEnvelope.locate(in: payload) else {
            throw PythonError("an invoke frame is broken")
        }
        let measurement = Measurement()
        let output = try interpreter.invoke(
            requestID: UnsafeRawBufferPointer(rebasing: payload[parts.requestID]),
            alias: UnsafeRawBufferPointer(rebasing: payload[parts.alias]),
            event: UnsafeRawBufferPointer(rebasing: payload[parts.event])
        )
        // A handler that forked and came back twice: only the instance itself may answer.
        guard getpid() == process else { leave(0) }
        try report(.result, request: header.request, output, measurement)
    }

    private func report(
        _ kind: FrameKind,
        request: UInt64,
        _ output: borrowing Output,
        _ measurement: Measurement
    ) throws(PythonError) {
        let result = measurement.result(code: output.code)
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

    private static func closeSocket() throws(PythonError) -> PyReference {
        closeSocketMethod.ml_name = staticName("close_instance_socket")
        closeSocketMethod.ml_flags = METH_NOARGS
        closeSocketMethod.ml_meth = { _, _ in
            close(Instance.socket)
            return PythonConstants.newNone()
        }
        return try PyReference(PyCFunction_NewEx(&closeSocketMethod, nil, nil))
    }

    private static func initializing() throws(PythonError) -> PyReference {
        initializingMethod.ml_name = staticName("initializing")
        initializingMethod.ml_flags = METH_NOARGS
        initializingMethod.ml_meth = { _, _ in
            _ = FrameChannel(descriptor: Instance.socket).send(.initializing)
            return PythonConstants.newNone()
        }
        return try PyReference(PyCFunction_NewEx(&initializingMethod, nil, nil))
    }

    private static func staticName(_ name: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
