/// Which version of a function a URN means.
public enum Qualifier: Hashable, Sendable {
    /// The URN says nothing: `latest`, except where a whole function is meant (deleting it).
    case unspecified
    /// A version. If there is none of that name, an alias of that name is meant: `VersionName` and `AliasName`
    /// share most of their names, and only an alias written with its mark is one for sure.
    case version(VersionName)
    /// An alias, marked by `!`.
    case alias(AliasName)

    /// The version `latest`, written out.
    public static let latest = Qualifier.version(.latest)

    /// The last field of a URN.
    ///
    /// - Throws: `FGSError` `.invalidURN` if it can be neither a version nor an alias.
    init(field: Substring) throws(FGSError) {
        if field.first == "!" {
            guard let alias = try? AliasName(String(field.dropFirst())) else { throw Self.invalid(field) }
            self = .alias(alias)
        } else if let version = try? VersionName(String(field)) {
            self = .version(version)
        } else if let alias = try? AliasName(String(field)) {
            self = .alias(alias)
        } else {
            throw Self.invalid(field)
        }
    }

    private static func invalid(_ field: Substring) -> FGSError {
        FGSError(
            .invalidURN,
            "'\(field.prefix(80))' at the end of the function URN names neither a version nor an alias "
                + "(an alias is written '!name')"
        )
    }

    /// The last field of a URN; nil if there is none.
    public var field: String? {
        switch self {
        case .unspecified: nil
        case .version(let name): name.description
        case .alias(let name): "!\(name)"
        }
    }
}
