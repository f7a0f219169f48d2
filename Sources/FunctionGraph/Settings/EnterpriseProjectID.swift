import JSON

/// The enterprise project that a function belongs to: a UUID, or `0` for the default one.
public struct EnterpriseProjectID: Hashable, Sendable, CustomStringConvertible {
    /// The default one.
    public static let `default` = EnterpriseProjectID(description: "0")

    /// The ID.
    public let description: String

    private init(description: String) { self.description = description }
}

extension EnterpriseProjectID: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        let text = try json.text(of: setting, or: .invalidParameter, maximumLength: 64)
        guard text.unicodeScalars.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || $0 == "-" }) else {
            throw FGSError(.invalidParameter, "\(setting) '\(text)' is not valid: it must be a UUID or 0")
        }
        description = text
    }

    var json: JSONValue { .string(description) }
}
