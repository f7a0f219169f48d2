import FunctionGraph
import FunctionStore
import JSON

/// What came of messages that were given to the emulator: which triggers fired, and which did not though the
/// messages were for them.
public struct Publication: Sendable {
    /// A trigger that fired: one invocation.
    public struct Fired: Sendable {
        /// The trigger.
        public let bound: FunctionStore.BoundTrigger
        /// The id of the invocation.
        public let requestID: String
    }

    /// A trigger that did not fire.
    public struct Skipped: Sendable {
        /// The trigger.
        public let bound: FunctionStore.BoundTrigger
        /// Why its function could not be invoked; nil if the trigger is disabled.
        public let refusal: FGSError?
    }

    /// The triggers that fired, in the order in which they were made; one stands here once for each invocation.
    public internal(set) var fired: [Fired] = []
    /// Those that did not.
    public internal(set) var skipped: [Skipped] = []

    /// The answer about it.
    public var body: JSONObject {
        [
            "fired": .array(
                fired.map {
                    .object(Self.describe($0.bound, ["request_id": .string($0.requestID)]))
                }),
            "skipped": .array(
                skipped.map { skipped in
                    guard let refusal = skipped.refusal else {
                        return .object(Self.describe(skipped.bound, ["reason": "DISABLED"]))
                    }
                    return .object(
                        Self.describe(skipped.bound, ["reason": "REFUSED"]).completed(by: refusal.body))
                }),
        ]
    }

    private static func describe(
        _ bound: FunctionStore.BoundTrigger, _ members: JSONObject
    ) -> JSONObject {
        ([
            "trigger_id": .string(bound.trigger.id.description),
            "trigger_type_code": .string(bound.trigger.type.rawValue),
            "func_urn": .string(bound.target.description),
        ] as JSONObject).completed(by: members)
    }
}
