import FunctionGraph
import Runtime

/// A library that was named for a runtime and cannot run it.
struct RuntimeLibraryError: Error, CustomStringConvertible {
    let runtime: RuntimeLabel
    let error: PythonLibraryError

    var description: String { "--python \(runtime.rawValue): \(error)" }
}
