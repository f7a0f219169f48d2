import FunctionGraph
import FunctionStore
import JSON

/// One time that a trigger fired.
public struct Fire: Sendable, Equatable {
    /// The trigger, as it was.
    public let trigger: Trigger
    /// What it invoked.
    public let target: FunctionURN
    /// The invocation's request id.
    public let requestID: String
    /// When it was to fire: a timer's time, and for other triggers when the event arrived.
    public let due: Timestamp
    /// When it did.
    public let fired: Timestamp
    /// What became of it.
    public internal(set) var result: FireResult = .pending

    /// A fire whose result is not known.
    public init(
        _ bound: FunctionStore.BoundTrigger, requestID: String, due: Timestamp, fired: Timestamp
    ) {
        trigger = bound.trigger
        target = bound.target
        self.requestID = requestID
        self.due = due
        self.fired = fired
    }

    /// The fire as answers show it.
    public var body: JSONObject {
        var body: JSONObject = [
            "trigger_id": .string(trigger.id.description),
            "trigger_type_code": .string(trigger.type.rawValue),
            "func_urn": .string(target.description),
            "request_id": .string(requestID),
            "due": .string(due.utcMilliseconds),
            "fired": .string(fired.utcMilliseconds),
            "result": .string(result.name),
        ]
        if let name = trigger.data["name"] { body["trigger_name"] = name }
        if case .failed(let code, let message) = result {
            body["error_code"] = .integer(code)
            body["error_message"] = .string(message)
        }
        return body
    }
}
