import CPython

/// Something went wrong between this host and its interpreter. Exceptions of user code never become one:
/// the runtime package turns them into error objects.
struct PythonError: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }

    /// Takes the pending exception; its traceback goes to standard error.
    static func pending() -> PythonError {
        guard PyErr_Occurred() != nil else {
            return PythonError("the interpreter refused without an exception")
        }
        PyErr_Print()
        return PythonError("the runtime package raised an exception")
    }
}
