/// The name of a dependency.
public struct DependencyName: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let description: String

    /// Takes a name.
    ///
    /// - Throws: `FGSError` `.invalidDependency` unless it has the shape that the API reference asks for.
    public init(_ text: String) throws(FGSError) {
        guard NamePattern.dependencyName.matches(text) else {
            throw FGSError(
                .invalidDependency,
                "name '\(text.prefix(80))' is not valid: it must have \(NamePattern.dependencyName.words)")
        }
        description = text
    }
}
