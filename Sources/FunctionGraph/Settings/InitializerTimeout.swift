import JSON

/// How long the initializer may take.
public struct InitializerTimeout: Hashable, Sendable {
    /// The values that are allowed.
    public static let range = 1...300

    /// The number of seconds.
    public let seconds: Int

    /// Takes a number of seconds.
    ///
    /// - Throws: `FGSError` `.invalidInitializerTimeout` out of the range.
    public init(seconds: Int) throws(FGSError) {
        try self.init(.integer(seconds), of: "initializer_timeout")
    }
}

extension InitializerTimeout: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        seconds = try json.integer(of: setting, in: Self.range, or: .invalidInitializerTimeout)
    }

    var json: JSONValue { .integer(seconds) }
}
