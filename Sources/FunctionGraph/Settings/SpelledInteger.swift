import JSON

/// An integer that some clients send, and insist to be answered, as a number and some as text.
public struct SpelledInteger: Hashable, Sendable {
    /// The number.
    public let value: Int
    /// The number as it was sent.
    let json: JSONValue

    /// A number, spelled as one.
    public init(_ value: Int) {
        self.value = value
        json = .integer(value)
    }

    /// Reads either form.
    ///
    /// - Returns: nil for anything else.
    init?(_ json: JSONValue) {
        guard let value = json.integerValue ?? json.stringValue.flatMap({ Int($0) }) else { return nil }
        self.value = value
        self.json = json
    }
}
