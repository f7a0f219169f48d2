import FunctionGraph
import HTTPServer
import Invocation

/// The memory that a request wants its instance to have (`X-Cff-Instance-Memory`), for functions that let requests
/// choose.
struct WantedMemory {
    /// The size; nil for that of the function.
    let size: MemorySize?
    private let text: String?

    /// Reads the header.
    init(_ request: Request) {
        text = request.header(.instanceMemory)
        size = text.flatMap { Int($0) }.flatMap { try? MemorySize(megabytes: $0) }
    }

    /// Whether the header says something that is no size.
    var isMeaningless: Bool { text != nil && size == nil }

    /// - Throws: `FGSError` FSS.0406 for what is no size, if it matters to the function.
    func check(for function: DeployedFunction) throws(FGSError) {
        guard let text, isMeaningless, function.enablesDynamicMemory else { return }
        throw FGSError(.notAcceptable, "X-Cff-Instance-Memory: \(text) is no memory size of a function")
    }
}
