/// The name of a version: `latest`, which can be changed, or the name of a published one, which cannot.
public struct VersionName: Hashable, Sendable, CustomStringConvertible {
    /// The version that every function has, and the only one that can be changed.
    public static let latest = VersionName(checked: "latest")

    /// The name.
    public let description: String

    /// Whether it is `latest`.
    public var isLatest: Bool { self == .latest }

    /// Takes the name of any version.
    ///
    /// - Throws: `FGSError` `.invalidVersion` unless it is 1 to 42 letters, digits, `.`, `_` and `-`, with a letter
    ///   or a digit at both ends. The API reference leaves the rule open.
    public init(_ text: String) throws(FGSError) {
        guard NamePattern.versionName.matches(text) else {
            throw FGSError(
                .invalidVersion,
                "version '\(text.prefix(80))' is not valid: it must have \(NamePattern.versionName.words)"
            )
        }
        description = text
    }

    /// Takes the name for a version that is to be published.
    ///
    /// - Throws: `FGSError` `.invalidVersion` for a bad name, and for `latest`.
    public init(publishing text: String) throws(FGSError) {
        try self.init(text)
        guard !isLatest else {
            throw FGSError(.invalidVersion, "a version cannot be published as 'latest': choose another name")
        }
    }

    /// The name of a version that is published at `time` without a name: `vYYYYMMDD-HHMMSS`, UTC.
    public init(publishedAt time: Timestamp) {
        description = "v" + time.compactDate + "-" + time.compactTime
    }

    private init(checked: String) { description = checked }
}
