import FunctionGraph
import JSON

/// A message to a topic, as it is listed where no endpoint takes it.
public struct Notification: Sendable {
    /// The topic's URN.
    public let topic: String
    /// The subject.
    public let subject: String
    /// The text.
    public let message: String
    /// When it was sent.
    public let time: Timestamp

    /// The message as answers show it.
    public var body: JSONObject {
        [
            "topic_urn": .string(topic), "subject": .string(subject), "message": .string(message),
            "time": .string(time.rfc3339),
        ]
    }
}
