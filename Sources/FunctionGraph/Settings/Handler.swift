/// Where a function's code is entered: `<file>.<function>` for most runtimes.
public struct Handler: Hashable, Sendable, CustomStringConvertible {
    /// The handler as it was given.
    public let description: String

    /// Takes a handler.
    ///
    /// - Python, Node.js, PHP and Java: 3 to 128 characters with a period that has something on both sides; what
    ///   stands before the last period is a path below the code's root.
    /// - C#: the same, or with `::`.
    /// - Go, `Custom`, `http` and `Custom Image`: 1 to 128 characters (a program's name, `bootstrap`, `-`).
    ///
    /// - Parameters:
    ///   - setting: the setting's key, for the text of the error.
    ///   - code: what kind of handler is wrong.
    /// - Throws: `FGSError` with that code.
    public init(
        _ text: String, for runtime: RuntimeLabel, setting: String = "handler",
        or code: ErrorCode = .invalidHandler
    ) throws(FGSError) {
        guard 1...128 ~= text.unicodeScalars.count,
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
        else {
            throw FGSError(code, "\(setting) must have 1 to 128 characters, none of them a blank")
        }
        let isFile = Self.familiesWithFiles.contains(runtime.family)
        guard !isFile || Self.namesFileAndFunction(text) else {
            throw FGSError(
                code,
                "\(setting) '\(text)' is not valid for \(runtime.rawValue): it must be <file>.<function>, such as "
                    + "index.handler, in 3 to 128 characters, with a file below the root of the code"
            )
        }
        description = text
    }

    private static let familiesWithFiles: Set<RuntimeFamily> = [.python, .node, .php, .java, .dotnet]

    private static func namesFileAndFunction(_ text: String) -> Bool {
        if text.contains("::") { return true }
        guard let period = text.lastIndex(of: "."), period > text.startIndex,
            text.index(after: period) < text.endIndex
        else { return false }
        let path = text[..<period].split(separator: "/", omittingEmptySubsequences: false)
        return path.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }

    /// The path of the file below the code's root, without its extension: `src/index` of `src/index.handler`. All
    /// of the handler if it has no period.
    public var file: String {
        description.lastIndex(of: ".").map { String(description[..<$0]) } ?? description
    }

    /// The name of the function in the file: `handler` of `src/index.handler`. Empty if there is no period.
    public var function: String {
        description.lastIndex(of: ".").map { String(description[description.index(after: $0)...]) } ?? ""
    }
}
