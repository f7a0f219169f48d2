/// A JSON value that can be written again as it was read: keys keep their order and numbers their text.
public enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number.
    case number(JSONNumber)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object.
    case object(JSONObject)

    /// How many arrays and objects may stand inside each other unless a caller says otherwise.
    public static let defaultMaximumDepth = 512

    /// Reads a text by the grammar of RFC 8259; it must be UTF-8. Of a key that occurs twice the last value
    /// counts. Half of a surrogate pair is refused, because no `String` could keep it.
    ///
    /// - Parameter maximumDepth: how many arrays and objects may stand inside each other.
    /// - Throws: `JSONError` for the first fault.
    public init(
        parsing bytes: UnsafeRawBufferPointer,
        maximumDepth: Int = JSONValue.defaultMaximumDepth
    ) throws(JSONError) {
        var grammar = JSONGrammar(bytes, maximumDepth: maximumDepth, sink: ValueSink())
        try grammar.run()
        self = grammar.sink.value
    }

    /// Reads a text, as `init(parsing:maximumDepth:)` for a buffer does.
    ///
    /// - Throws: `JSONError` for the first fault.
    public init(
        parsing bytes: [UInt8],
        maximumDepth: Int = JSONValue.defaultMaximumDepth
    ) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
            try JSONValue(parsing: UnsafeRawBufferPointer(buffer), maximumDepth: maximumDepth)
        }
    }

    /// Reads a text, as `init(parsing:maximumDepth:)` for a buffer does.
    ///
    /// - Throws: `JSONError` for the first fault.
    public init(
        parsing text: String,
        maximumDepth: Int = JSONValue.defaultMaximumDepth
    ) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), maximumDepth: maximumDepth)
    }

    /// An integer.
    public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(JSONNumber(value)) }

    /// The text of the value, in UTF-8 without blanks.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }

    /// The text of the value without blanks.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// What kind of value it is.
    public var kind: JSONKind {
        switch self {
        case .null: .null
        case .bool: .bool
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    /// Whether it is `null`.
    public var isNull: Bool { self == .null }

    /// The value of a boolean.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The value of a number that is written as an integer and fits.
    public var integerValue: Int? {
        if case .number(let number) = self { number.integer } else { nil }
    }

    /// The value of a string.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The members of an array.
    public var arrayValue: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members of an object.
    public var objectValue: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// A member of an object; nil if there is none or the value is no object.
    public subscript(key: String) -> JSONValue? { objectValue?[key] }
}
