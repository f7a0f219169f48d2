import JSON

/// How long an invocation may take.
public struct Timeout: Hashable, Sendable {
    /// The values that are allowed.
    public static let range = 3...259_200

    /// The number of seconds.
    public let seconds: Int

    /// Takes a number of seconds.
    ///
    /// - Throws: `FGSError` `.invalidTimeout` out of the range.
    public init(seconds: Int) throws(FGSError) {
        try self.init(.integer(seconds), of: "timeout")
    }
}

extension Timeout: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        seconds = try json.integer(of: setting, in: Self.range, or: .invalidTimeout)
    }

    var json: JSONValue { .integer(seconds) }
}
