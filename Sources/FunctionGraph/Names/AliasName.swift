/// The name of an alias, without the mark `!` that it has in URNs.
public struct AliasName: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let description: String

    /// Takes a name.
    ///
    /// - Throws: `FGSError` `.invalidAlias` unless it has the shape that the API reference asks for.
    public init(_ text: String) throws(FGSError) {
        guard NamePattern.aliasName.matches(text) else {
            throw FGSError(
                .invalidAlias,
                "name '\(text.prefix(80))' is not valid: it must have \(NamePattern.aliasName.words)"
            )
        }
        description = text
    }
}
