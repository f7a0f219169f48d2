import FunctionGraph
import FunctionStore
import JSON
import Triggers

/// A message of an SMN topic.
struct TopicMessages: SourceMessages {
    private let topic: String
    private let message: String
    private let subject: String
    private let attributes: JSONValue
    private let id: String?
    private let time: Timestamp?

    init(_ body: JSONObject, of type: TriggerType) throws(FGSError) {
        topic = try body.requiredString("topic_urn")
        guard let message = try body.string("message") else {
            throw FGSError(.invalidParameter, "message is required")
        }
        self.message = message
        subject = try body.string("subject") ?? ""
        attributes = body["message_attributes"] ?? .null
        guard attributes.isNull || attributes.objectValue != nil else {
            throw FGSError(.invalidParameter, "message_attributes must be an object")
        }
        id = try body.string("message_id")
        time = try body.time("timestamp")
    }

    static func suggestions(of data: JSONObject, _ type: TriggerType) -> JSONObject {
        data.members("topic_urn").completed(by: ["message": ""])
    }

    func concern(_ data: JSONObject) -> Bool { data.dataText("topic_urn") == topic }

    func events(for bound: FunctionStore.BoundTrigger, in context: SourceContext) -> [SourceEvent] {
        [
            SourceEvent { requestID in
                SMNEvent(
                    topic: topic, messageID: id ?? context.compactID, subject: subject, message: message,
                    attributes: attributes, subscriber: bound.target, requestID: requestID,
                    time: time ?? context.time)
            }
        ]
    }
}
