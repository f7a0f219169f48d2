import CPython
import Glibc
import WorkerProtocol

/// What the runtime package can ask of its host: functions in C for Python to call.
///
/// They are static because C functions carry no context; a process is one instance for good.
enum InstanceMethods {
    /// The pipes that frames go through. Written once, before any thread of the handler exists.
    nonisolated(unsafe) private static var orders: Int32 = -1
    nonisolated(unsafe) private static var answers: Int32 = -1
    nonisolated(unsafe) private static var methods: [PyMethodDef] = []
    /// Used by whoever holds the interpreter's lock.
    nonisolated(unsafe) private static let keys = KeyCache()
    /// Since when the initializer runs or ran; nil without one. Written and read by the thread that loads.
    nonisolated(unsafe) private(set) static var initializer: Measurement?

    /// Says which pipes frames go through.
    static func connect(orders: Int32, answers: Int32) {
        self.orders = orders
        self.answers = answers
    }

    /// Gives the functions to the runtime package, once for all instances, and has forked children of the handler close
    /// the pipes.
    static func install(_ interpreter: Interpreter) throws(PythonError) {
        methods = [
            method("close_pipes", METH_NOARGS) { _, _ in
                for pipe in [InstanceMethods.orders, InstanceMethods.answers, OutputPipe.descriptor] {
                    close(pipe)
                }
                return PythonConstants.newNone()
            },
            method("initializing", METH_NOARGS) { _, _ in
                _ = FrameChannel.send(.initializing, to: InstanceMethods.answers)
                InstanceMethods.initializer = Measurement()
                return PythonConstants.newNone()
            },
            method("set_environment", METH_VARARGS) { _, arguments in
                ProcessEnvironment.replace(by: PyTuple_GetItem(arguments, 0), PyTuple_GetItem(arguments, 1))
                    ? PythonConstants.newNone() : nil
            },
            method("answer", METH_VARARGS) { _, arguments in InstanceMethods.answer(arguments) },
            method("output", METH_VARARGS) { _, arguments in InstanceMethods.output(arguments) },
            method("decode", METH_O) { _, event in InstanceMethods.decode(event) },
            method("encode", METH_O) { _, result in
                result.flatMap(ResultEncoder.encode) ?? PythonConstants.newNone()
            },
        ]
        var functions: [PyReference.Pointer] = []
        for index in methods.indices {
            let function = methods.withUnsafeMutableBufferPointer {
                PyCFunction_NewEx($0.baseAddress! + index, nil, nil)
            }
            functions.append(try PyReference(function).release())
        }
        try interpreter.adopt(functions)
    }

    /// `answer(request, code, body, duration_ns, cpu_ns)`: the outcome of a request that a thread has taken.
    private static func answer(_ arguments: UnsafeMutablePointer<PyObject>?) -> UnsafeMutablePointer<
        PyObject
    >? {
        guard let request = number(arguments, 0), let code = number(arguments, 1),
            let body = bytes(arguments, 2),
            let duration = number(arguments, 3), let cpu = number(arguments, 4)
        else { return nil }
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        let result = ResultHeader(
            code: UInt32(truncatingIfNeeded: code), durationNanoseconds: duration, cpuNanoseconds: cpu,
            peakMemoryKiB: UInt64(usage.ru_maxrss), storageKiB: Measurement.storageKiB, hasUnreadOutput: true)
        return send(.result, request: request, prefix: result, body)
    }

    /// `output(request, text)`: what a request wrote.
    private static func output(_ arguments: UnsafeMutablePointer<PyObject>?) -> UnsafeMutablePointer<
        PyObject
    >? {
        guard let request = number(arguments, 0), let text = bytes(arguments, 1) else { return nil }
        return send(.output, request: request, prefix: nil, text)
    }

    /// `decode(event)`: the object that JSON, as `bytes`, stands for; `None` for what is left to `json.loads`.
    private static func decode(_ event: UnsafeMutablePointer<PyObject>?) -> UnsafeMutablePointer<PyObject>? {
        var start: UnsafeMutablePointer<CChar>?
        var count = 0
        guard PyBytes_AsStringAndSize(event, &start, &count) == 0 else { return nil }
        let text = UnsafeRawBufferPointer(start: start, count: count)
        return text.withMemoryRebound(to: UInt8.self) { EventDecoder.decode($0, keys) }
            ?? PythonConstants.newNone()
    }

    private static func send(
        _ kind: FrameKind, request: UInt64, prefix result: ResultHeader?, _ bytes: UnsafeRawBufferPointer
    ) -> UnsafeMutablePointer<PyObject>? {
        let state = PyEval_SaveThread()
        let count = result == nil ? 0 : ResultHeader.byteCount
        let sent = withUnsafeTemporaryAllocation(byteCount: ResultHeader.byteCount, alignment: 8) { prefix in
            result?.write(to: prefix)
            return FrameChannel.send(
                kind, request: request, prefix: UnsafeRawBufferPointer(rebasing: prefix[..<count]),
                bytes: bytes,
                to: answers)
        }
        PyEval_RestoreThread(state)
        // Without a server there is nothing left to do.
        if !sent { _exit(0) }
        return PythonConstants.newNone()
    }

    private static func number(_ tuple: UnsafeMutablePointer<PyObject>?, _ index: Int) -> UInt64? {
        let value = PyLong_AsUnsignedLongLong(PyTuple_GetItem(tuple, index))
        return PyErr_Occurred() == nil ? value : nil
    }

    private static func bytes(_ tuple: UnsafeMutablePointer<PyObject>?, _ index: Int)
        -> UnsafeRawBufferPointer?
    {
        var start: UnsafeMutablePointer<CChar>?
        var count = 0
        guard PyBytes_AsStringAndSize(PyTuple_GetItem(tuple, index), &start, &count) == 0 else { return nil }
        return UnsafeRawBufferPointer(start: start, count: count)
    }

    private static func method(
        _ name: StaticString, _ flags: Int32, _ function: @escaping PyCFunction
    ) -> PyMethodDef {
        var method = PyMethodDef()
        method.ml_name = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        method.ml_flags = flags
        method.ml_meth = function
        return method
    }
}
