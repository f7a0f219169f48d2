/// The name of a function.
public struct FunctionName: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let description: String

    /// Takes a name.
    ///
    /// - Throws: `FGSError` `.invalidFunctionName` unless it has the shape that the API reference asks for.
    public init(_ text: String) throws(FGSError) {
        guard NamePattern.functionName.matches(text) else {
            throw FGSError(
                .invalidFunctionName,
                "func_name '\(text.prefix(80))' is not valid: it must have \(NamePattern.functionName.words)"
            )
        }
        description = text
    }
}
