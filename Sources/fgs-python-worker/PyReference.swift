import CPython

/// An owned reference to a Python object. The interpreter's lock must be held wherever one is touched.
struct PyReference: ~Copyable {
    /// What C code passes objects around by.
    typealias Pointer = UnsafeMutablePointer<PyObject>

    /// The object; the reference to it is borrowed. Name the `PyReference` with `let` before using this: a
    /// value that is never named ends before the call that its object is passed to.
    let object: UnsafeMutablePointer<PyObject>

    /// Takes over a new reference that a C function returned.
    ///
    /// - Throws: `PythonError` with the pending exception when it returned none.
    init(_ object: UnsafeMutablePointer<PyObject>?) throws(PythonError) {
        guard let object else { throw PythonError.pending() }
        self.object = object
    }

    /// Imports a module.
    init(module name: String) throws(PythonError) {
        try self.init(PyImport_ImportModule(name))
    }

    /// Makes a `bytes` object.
    init(bytes: UnsafeRawBufferPointer) throws(PythonError) {
        try self.init(
            PyBytes_FromStringAndSize(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        )
    }

    /// Makes a `str` of UTF-8 bytes.
    init(text: UnsafeRawBufferPointer) throws(PythonError) {
        try self.init(
            PyUnicode_DecodeUTF8(
                text.baseAddress?.assumingMemoryBound(to: CChar.self),
                text.count,
                "backslashreplace"
            )
        )
    }

    /// Makes a `str`.
    init(text: String) throws(PythonError) {
        try self.init(PyUnicode_FromString(text))
    }

    /// Makes an `int`.
    init(number: UInt64) throws(PythonError) {
        try self.init(PyLong_FromUnsignedLongLong(number))
    }

    /// Whether this is `None`.
    var isNone: Bool { object == PythonConstants.none }

    /// An attribute of the object.
    func attribute(_ name: String) throws(PythonError) -> PyReference {
        try PyReference(PyObject_GetAttrString(object, name))
    }

    /// Calls a method without arguments and forgets its result.
    func call(_ method: String) throws(PythonError) {
        let function = try attribute(method)
        _ = try PyReference(PyObject_CallObject(function.object, nil))
    }

    /// Gives the reference away.
    consuming func release() -> UnsafeMutablePointer<PyObject> {
        let object = object
        discard self
        return object
    }

    /// One more reference, for a C function that takes it over.
    func retained() -> UnsafeMutablePointer<PyObject> {
        Py_IncRef(object)
        return object
    }

    deinit {
        Py_DecRef(object)
    }
}
