import CPython

/// What `load` and `invoke` of the runtime package return: a runtime code, and bytes for the caller.
struct Output: ~Copyable {
    let code: UInt32
    private let tuple: PyReference

    /// Takes over the tuple `(int, bytes)`.
    init(_ tuple: consuming PyReference) throws(PythonError) {
        guard let first = PyTuple_GetItem(tuple.object, 0) else { throw PythonError.pending() }
        let number = PyLong_AsLong(first)
        guard let code = UInt32(exactly: number) else { throw PythonError("a runtime code is out of range") }
        self.code = code
        self.tuple = tuple
    }

    /// Calls `body` with the bytes. They live as long as this value.
    func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(PythonError) -> Result {
        var start: UnsafeMutablePointer<CChar>?
        var count = 0
        guard PyBytes_AsStringAndSize(PyTuple_GetItem(tuple.object, 1), &start, &count) == 0 else {
            throw PythonError.pending()
        }
        return body(UnsafeRawBufferPointer(start: start, count: count))
    }
}
