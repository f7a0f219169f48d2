/// The ID of a project, as it stands in paths and URNs. Usually 32 hexadecimal digits, but any text without a
/// colon, a slash or a blank will do here.
public struct ProjectID: Hashable, Sendable, CustomStringConvertible {
    /// The ID.
    public let description: String

    /// Takes an ID.
    ///
    /// - Throws: `FGSError` `.invalidParameter` for an empty one, one of more than 64 characters, and one that
    ///   could not stand in a URN.
    public init(_ text: String) throws(FGSError) {
        guard 1...64 ~= text.unicodeScalars.count,
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0 != ":" && $0 != "/" && $0.value != 0x7F })
        else {
            throw FGSError(
                .invalidParameter,
                "project id '\(text.prefix(80))' is not valid: it must have 1 to 64 characters, none of them "
                    + "':', '/' or a blank"
            )
        }
        description = text
    }
}
