import JSON

/// What a function, a version or a dependency is for, in words.
public struct Description: Hashable, Sendable, CustomStringConvertible {
    /// How many characters it may have.
    public static let maximumLength = 512

    /// The text.
    public let description: String

    /// Takes a text.
    ///
    /// - Throws: `FGSError` `.descriptionTooLong` over 512 characters.
    public init(_ text: String) throws(FGSError) {
        try self.init(.string(text), of: "description")
    }
}

extension Description: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        guard json.kind == .string else {
            throw FGSError(.invalidParameter, "\(setting) must be a string")
        }
        description = try json.text(of: setting, or: .descriptionTooLong, maximumLength: Self.maximumLength)
    }

    var json: JSONValue { .string(description) }
}
