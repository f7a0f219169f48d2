/// Why a text is not JSON, and where.
public struct JSONError: Error, Hashable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Reason: String, Hashable, Sendable {
        /// The text ends before the value does.
        case unexpectedEnd = "the text ends before the value does"
        /// A byte that no value begins with.
        case expectedValue = "a value was expected"
        /// An object has something else than a string where a key belongs.
        case expectedKey = "a key in double quotes was expected"
        /// A key is not followed by a colon.
        case expectedColon = "':' was expected after the key"
        /// A member of an array is followed by neither a comma nor a bracket.
        case expectedCommaOrBracket = "',' or ']' was expected"
        /// A member of an object is followed by neither a comma nor a brace.
        case expectedCommaOrBrace = "',' or '}' was expected"
        /// Something follows the value.
        case trailingBytes = "something follows the value"
        /// A number with a leading zero, a lone sign, or no digit after a period or an exponent.
        case invalidNumber = "the number is malformed"
        /// A control character stands in a string unescaped.
        case controlCharacter = "a control character must be escaped"
        /// A backslash is followed by a character that makes no escape.
        case invalidEscape = "the escape is unknown or incomplete"
        /// Half of a surrogate pair: it stands for no character, so it cannot be kept.
        case loneSurrogate = "half of a surrogate pair stands alone"
        /// Bytes that are not UTF-8.
        case invalidUTF8 = "the text is not UTF-8"
        /// More arrays and objects inside each other than allowed.
        case tooDeep = "arrays and objects are nested too deeply"
    }

    /// The number of bytes before the fault.
    public let offset: Int
    /// What is wrong there.
    public let reason: Reason

    /// Names a fault.
    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// The fault and its place, for people.
    public var description: String { "\(reason.rawValue) (byte \(offset))" }
}
