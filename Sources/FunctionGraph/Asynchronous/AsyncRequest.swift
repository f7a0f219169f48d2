import JSON

/// What is known about an asynchronous invocation.
public struct AsyncRequest: Hashable, Sendable {
    /// The request id, which the handler sees too.
    public let id: String
    /// The URN of the version that was called, written out.
    public let functionURN: String
    /// Where it stands.
    public let status: AsyncStatus
    /// 0, or the code of what went wrong.
    public let errorCode: Int
    /// What went wrong.
    public let errorMessage: String
    /// When it was accepted.
    public let acceptedAt: Timestamp
    /// When its first attempt began.
    public let startedAt: Timestamp?
    /// When its last attempt ended.
    public let endedAt: Timestamp?

    /// Puts a record together.
    public init(
        id: String, functionURN: String, status: AsyncStatus, errorCode: Int, errorMessage: String,
        acceptedAt: Timestamp, startedAt: Timestamp?, endedAt: Timestamp?
    ) {
        self.id = id
        self.functionURN = functionURN
        self.status = status
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.acceptedAt = acceptedAt
        self.startedAt = startedAt
        self.endedAt = endedAt
    }

    /// The record as answers show it. The id stands in it twice, because the Python SDK pages by `id`.
    public var body: JSONObject {
        [
            "id": .string(id), "request_id": .string(id), "status": .string(status.rawValue),
            "error_code": .integer(errorCode), "error_message": .string(errorMessage),
            "start_time": .string((startedAt ?? acceptedAt).unzoned),
            "end_time": .string(endedAt?.unzoned ?? ""),
        ]
    }
}
