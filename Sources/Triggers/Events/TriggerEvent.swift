import JSON

/// What a function's handler is given when a trigger fires, in the shape of the trigger's source.
///
/// An event is made of what the caller puts in: no clock is read and nothing is random, so the same values give
/// the same event.
public protocol TriggerEvent: Sendable {
    /// The event.
    var json: JSONObject { get }
}

extension TriggerEvent {
    /// The event as the body of an invocation.
    public var bytes: [UInt8] { JSONValue.object(json).bytes }
}
