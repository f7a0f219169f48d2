import FunctionGraph
import JSON

/// A message of a topic (runtime guide, "SMN").
public struct SMNEvent: TriggerEvent {
    /// The topic.
    public let topic: String
    /// The message's id.
    public let messageID: String
    /// Its subject.
    public let subject: String
    /// Its text.
    public let message: String
    /// Its attributes; `null` if it has none.
    public let attributes: JSONValue
    /// The function that subscribes to the topic, with its version or alias.
    public let subscriber: FunctionURN
    /// The id of the invocation.
    public let requestID: String
    /// When the message was published.
    public let time: Timestamp

    /// A message.
    public init(
        topic: String,
        messageID: String,
        subject: String,
        message: String,
        attributes: JSONValue = .null,
        subscriber: FunctionURN,
        requestID: String,
        time: Timestamp
    ) {
        self.topic = topic
        self.messageID = messageID
        self.subject = subject
        self.message = message
        self.attributes = attributes
        self.subscriber = subscriber
        self.requestID = requestID
        self.time = time
    }

    /// The event. Its list of records is called `record`.
    public var json: JSONObject {
        [
            "record": [
                [
                    "event_version": "1.0",
                    "event_source": "smn",
                    "event_subscription_urn": .string(subscriber.description),
                    "smn": [
                        "topic_urn": .string(topic),
                        "timestamp": .string(time.zulu),
                        "message_attributes": attributes,
                        "message": .string(message),
                        "type": "notification",
                        "message_id": .string(messageID),
                        "subject": .string(subject),
                    ],
                ]
            ],
            "functionname": .string(subscriber.name.description),
            "requestId": .string(requestID),
            "timestamp": .string(time.javaScriptDate),
        ]
    }
}
