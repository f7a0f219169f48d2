import CPython

/// Constants that C spells as macros.
enum PythonConstants {
    /// `None`, as a borrowed reference.
    static var none: UnsafeMutablePointer<PyObject> { fgs_none() }

    /// `None`, as a new reference.
    static func newNone() -> UnsafeMutablePointer<PyObject> {
        Py_IncRef(fgs_none())
        return fgs_none()
    }
}
