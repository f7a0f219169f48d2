import CPython
import Glibc
import WorkerProtocol

/// The embedded CPython of this process.
///
/// Only the stable ABI is used, so that the same source can be built against any Python since 3.7.
final class Interpreter {
    private let loadFunction: PyReference
    private let invokeFunction: PyReference
    private let instance: PyReference

    /// The interpreter's version as `major << 16 | minor << 8 | micro`.
    let version: Int32

    /// Starts CPython, isolated from the environment, and imports the runtime package.
    ///
    /// - Parameters:
    ///   - runtimes: The directory that holds the package `fgs_runtime`.
    ///   - packages: Directories of installed packages, for the end of `sys.path`.
    ///   - home: Where its own modules are, if it does not know itself; empty otherwise.
    init(home: String, runtimes: String, packages: [String]) throws(PythonError) {
        if !home.isEmpty {
            let version = String(cString: Py_GetVersion()).split(separator: ".").prefix(2)
            fgs_set_home(home, "\(home)/bin/python\(version.joined(separator: "."))")
        }
        fgs_initialize()
        guard let path = PySys_GetObject("path") else { throw PythonError("sys.path is missing") }
        for directory in packages + [runtimes] {
            let text = try PyReference(text: directory)
            PyList_Append(path, text.object)
        }
        try PyReference(module: "fgs_runtime.zygote").call("preload")
        instance = try PyReference(module: "fgs_runtime.instance")
        loadFunction = try instance.attribute("load")
        invokeFunction = try instance.attribute("invoke")
        let hexadecimal = PySys_GetObject("hexversion").map { PyLong_AsLong($0) } ?? 0
        version = Int32(truncatingIfNeeded: hexadecimal >> 8)
    }

    /// Gives the host's functions to the runtime package; see `fgs_runtime.instance.adopt`.
    func adopt(_ functions: [PyReference.Pointer]) throws(PythonError) {
        let arguments = try PyReference(PyTuple_New(functions.count))
        for (index, function) in functions.enumerated() { PyTuple_SetItem(arguments.object, index, function) }
        let adopt = try instance.attribute("adopt")
        _ = try PyReference(PyObject_CallObject(adopt.object, arguments.object))
    }

    /// Writes to everything that every function writes to; see `fgs_runtime.rehearsal`.
    func rehearse() {
        attempt { () throws(PythonError) in try PyReference(module: "fgs_runtime.rehearsal").call("rehearse")
        }
    }

    /// Has what lives now, rehearsed as it is, shared with the processes that are forked from now on.
    func settle() {
        attempt { () throws(PythonError) in try PyReference(module: "fgs_runtime.zygote").call("settle") }
    }

    /// Does something without which everything is slower, and nothing else.
    private func attempt(_ action: () throws(PythonError) -> Void) {
        do throws(PythonError) {
            try action()
        } catch {
            PyErr_Clear()
        }
    }

    /// Makes this process the instance of a function.
    ///
    /// - Parameters:
    ///   - specification: The JSON that `fgs_runtime.instance.load` documents.
    ///   - root: Where the code is.
    ///   - bytecode: Where its bytecode is cached.
    ///   - concurrency: How many requests it takes at once.
    /// - Returns: nil when the instance is ready, else the runtime code and the error object.
    func load(
        _ specification: UnsafeRawBufferPointer, root: String, bytecode: String, concurrency: UInt32
    ) throws(PythonError) -> Output? {
        let arguments = try PyReference(PyTuple_New(4))
        PyTuple_SetItem(arguments.object, 0, try PyReference(bytes: specification).release())
        PyTuple_SetItem(arguments.object, 1, try PyReference(text: root).release())
        PyTuple_SetItem(arguments.object, 2, try PyReference(text: bytecode).release())
        PyTuple_SetItem(arguments.object, 3, try PyReference(number: UInt64(concurrency)).release())
        let result = try PyReference(PyObject_CallObject(loadFunction.object, arguments.object))
        return result.isNone ? nil : try Output(result)
    }

    /// Runs the handler.
    ///
    /// - Parameters:
    ///   - request: The server's number for the request.
    ///   - payload: That of its frame; `parts` says what stands where.
    func invoke(
        request: UInt64, _ payload: UnsafeRawBufferPointer, _ parts: InvocationEnvelope.Parts
    ) throws(PythonError) -> Output {
        let arguments = try Self.arguments(request, payload, parts)
        return try Output(PyReference(PyObject_CallObject(invokeFunction.object, arguments.object)))
    }

    /// Hands a request to a thread of the runtime package, which answers it by `InstanceMethods`. Parameters as
    /// for `invoke`.
    func submit(
        request: UInt64, _ payload: UnsafeRawBufferPointer, _ parts: InvocationEnvelope.Parts
    ) throws(PythonError) {
        let arguments = try Self.arguments(request, payload, parts)
        let submit = try instance.attribute("submit")
        _ = try PyReference(PyObject_CallObject(submit.object, arguments.object))
    }

    /// Runs what comes before the end of the instance.
    func stop() throws(PythonError) {
        try instance.call("stop")
    }

    private static func arguments(
        _ request: UInt64, _ payload: UnsafeRawBufferPointer, _ parts: InvocationEnvelope.Parts
    ) throws(PythonError) -> PyReference {
        func part(_ range: Range<Int>) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: payload[range])
        }
        let arguments = try PyReference(PyTuple_New(5))
        PyTuple_SetItem(arguments.object, 0, try PyReference(number: request).release())
        PyTuple_SetItem(arguments.object, 1, try PyReference(text: part(parts.requestID)).release())
        PyTuple_SetItem(arguments.object, 2, try PyReference(text: part(parts.alias)).release())
        PyTuple_SetItem(arguments.object, 3, PyBool_FromLong(parts.isAsynchronous ? 1 : 0))
        PyTuple_SetItem(arguments.object, 4, try PyReference(bytes: part(parts.event)).release())
        return arguments
    }

    /// Runs `body`, which blocks, while threads of the handler may run Python code.
    func withoutLock<Result>(_ body: () -> Result) -> Result {
        let state = PyEval_SaveThread()
        defer { PyEval_RestoreThread(state) }
        return body()
    }

    /// Lets Python's signal handlers run; what they raise is reported to standard error.
    func runSignalHandlers() {
        if PyErr_CheckSignals() != 0 { PyErr_Print() }
    }
}
