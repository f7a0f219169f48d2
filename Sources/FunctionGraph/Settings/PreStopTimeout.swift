import JSON

/// How long the pre-stop handler may take. The Go SDK sends and expects a string where the API reference has a
/// number, so it is answered as it was sent.
public struct PreStopTimeout: Hashable, Sendable {
    /// The values that are allowed.
    public static let range = 1...90

    private let number: SpelledInteger

    /// The number of seconds.
    public var seconds: Int { number.value }

    /// Takes a number of seconds.
    ///
    /// - Throws: `FGSError` `.invalidParameter` out of the range.
    public init(seconds: Int) throws(FGSError) {
        try self.init(.integer(seconds), of: "pre_stop_timeout")
    }
}

extension PreStopTimeout: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        guard let number = SpelledInteger(json), Self.range.contains(number.value) else {
            throw FGSError(.invalidParameter, "\(setting) must be an integer between 1 and 90")
        }
        self.number = number
    }

    var json: JSONValue { number.json }
}
