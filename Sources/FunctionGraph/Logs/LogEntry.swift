import JSON

/// What one invocation left in its function's log, or what was written while none ran.
public struct LogEntry: Hashable, Sendable {
    /// When the invocation ended.
    public let time: Timestamp
    /// Its request id; empty for what was written while nothing ran.
    public let requestID: String
    /// The function's URN, without the version.
    public let functionURN: String
    /// The version that ran.
    public let version: String
    /// 0, or the code of what went wrong.
    public let code: UInt32
    /// The text: start line, output, finish line.
    public let text: [UInt8]

    /// Puts an entry together.
    public init(
        time: Timestamp, requestID: String, functionURN: String, version: String, code: UInt32, text: [UInt8]
    ) {
        self.time = time
        self.requestID = requestID
        self.functionURN = functionURN
        self.version = version
        self.code = code
        self.text = text
    }

    /// The entry as answers show it.
    public var body: JSONObject {
        [
            "time": .string(time.utcMilliseconds), "request_id": .string(requestID),
            "function_urn": .string(functionURN), "version": .string(version), "code": .integer(code),
            "text": .string(String(decoding: text, as: UTF8.self)),
        ]
    }
}
