/// The name of a package (an "app"), the group a function belongs to.
public struct PackageName: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let description: String

    /// Takes a name.
    ///
    /// - Throws: `FGSError` `.invalidPackageName` unless it has the shape that the API reference asks for.
    public init(_ text: String) throws(FGSError) {
        guard NamePattern.packageName.matches(text) else {
            throw FGSError(
                .invalidPackageName,
                "package '\(text.prefix(80))' is not valid: it must have \(NamePattern.packageName.words)"
            )
        }
        description = text
    }
}

extension PackageName {
    /// The package that URNs without one mean.
    public static let `default` = PackageName(checked: "default")

    private init(checked: String) { description = checked }
}
