import JSON

/// The name of an agency (a role) that a function acts under.
public struct AgencyName: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let description: String
}

extension AgencyName: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        description = try json.text(of: setting, or: .invalidParameter, maximumLength: 64)
    }

    var json: JSONValue { .string(description) }
}
