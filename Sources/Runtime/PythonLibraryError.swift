/// Why a file cannot be the Python of a runtime.
public struct PythonLibraryError: Error, CustomStringConvertible {
    let path: String
    let problem: String

    /// Which file, and what is wrong with it.
    public var description: String { "\(path) cannot be a runtime's Python: \(problem)." }
}
