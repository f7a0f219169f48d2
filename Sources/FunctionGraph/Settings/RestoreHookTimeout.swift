import JSON

/// How long the hook after restoring a snapshot may take.
public struct RestoreHookTimeout: Hashable, Sendable {
    /// The values that are allowed.
    public static let range = 1...300

    /// The number of seconds.
    public let seconds: Int

    /// Takes a number of seconds.
    ///
    /// - Throws: `FGSError` `.invalidParameter` out of the range.
    public init(seconds: Int) throws(FGSError) {
        try self.init(.integer(seconds), of: "restore_hook_timeout")
    }
}

extension RestoreHookTimeout: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        seconds = try json.integer(of: setting, in: Self.range, or: .invalidParameter)
    }

    var json: JSONValue { .integer(seconds) }
}
