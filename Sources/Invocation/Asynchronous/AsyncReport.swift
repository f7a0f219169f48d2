import FunctionGraph
import JSON

/// What a destination is told of an asynchronous invocation (user manual, "Asynchronous execution notification").
struct AsyncReport: Sendable {
    let requestID: String
    let function: DeployedFunction
    let startedAt: Timestamp
    /// Empty on success; otherwise what kind of failure it was.
    let condition: String
    /// How often it was tried again.
    let retries: Int
    let event: [UInt8]
    let payload: [UInt8]
    let isSuccess: Bool

    /// The message as it is delivered.
    var body: JSONObject {
        [
            "timestamp": .string(startedAt.rfc3339Nanoseconds),
            "request_context": [
                "request_id": .string(requestID), "function_urn": .string(function.name),
                "condition": .string(condition), "approximate_invoke_count": .integer(retries),
            ],
            "request_payload": .string(String(decoding: event, as: UTF8.self)),
            "response_context": ["status_code": .integer(isSuccess ? 200 : 500), "function_error": ""],
            "response_payload": .string(String(decoding: payload, as: UTF8.self)),
        ]
    }
}
