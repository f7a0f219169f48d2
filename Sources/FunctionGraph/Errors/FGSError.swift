import JSON

/// An answer of the API that refuses a request: a code of the catalogue and what happened, why, and what to do.
public struct FGSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The code.
    public let code: ErrorCode
    /// The text for the client.
    public let message: String

    /// An error with the catalogue's own text.
    public init(_ code: ErrorCode) {
        self.init(code, code.message)
    }

    /// An error with a specific text.
    public init(_ code: ErrorCode, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The HTTP status of the answer.
    public var status: Int { code.status }

    /// The body of the answer, `{"error_code": …, "error_msg": …}` (API reference, "Error body").
    public var body: JSONObject { ["error_code": .string(code.code), "error_msg": .string(message)] }

    /// Code and text in one line.
    public var description: String { "\(code.code): \(message)" }
}
