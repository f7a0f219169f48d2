import FunctionGraph
import FunctionStore
import JSON
import Triggers

/// Messages of a broker: Kafka, managed or not, RocketMQ, RabbitMQ.
struct BrokerMessages: SourceMessages {
    private let type: TriggerType
    private let place: JSONObject
    private let messages: [KafkaEvent.Message]

    /// One topic's messages stand in `messages`; those of several in `records`.
    init(_ body: JSONObject, of type: TriggerType) throws(FGSError) {
        self.type = type
        let topic = Self.topicMember(of: type)
        var place: JSONObject = [:]
        for key in Self.placeMembers {
            if let text = try body.string(key) { place[key] = .string(text) }
        }
        self.place = place
        var messages: [KafkaEvent.Message] = []
        let records =
            body["records"].map { $0.isNull } ?? true
            ? [JSONValue.object(body)] : try body.list("records")
        for member in records {
            let record = try member.member(of: "records")
            let name = try record.requiredString(topic)
            for message in try record.list("messages") {
                messages.append(KafkaEvent.Message(topic: name, text: message.stringValue ?? message.text))
            }
        }
        guard messages.count <= JSONObject.maximumMessageCount else {
            throw FGSError(
                .invalidParameter,
                "there are \(messages.count) messages; at most \(JSONObject.maximumMessageCount) are allowed")
        }
        self.messages = messages
    }

    init(_ messages: [KafkaEvent.Message], of type: TriggerType) {
        self.type = type
        place = [:]
        self.messages = messages
    }

    static func suggestions(of data: JSONObject, _ type: TriggerType) -> JSONObject {
        let topic =
            type == .rabbitMQ ? data.dataText("exchange_name") : data.dataTexts("topic_ids").first ?? ""
        return [topicMember(of: type): .string(topic.isEmpty ? "any" : topic), "messages": [""]]
    }

    /// A trigger that names no topics listens to all of them.
    func concern(_ data: JSONObject) -> Bool {
        agrees(with: data) && messages.contains { Self.listens(data, to: $0.topic, type) }
    }

    func events(for bound: FunctionStore.BoundTrigger, in context: SourceContext) -> [SourceEvent] {
        let data = bound.trigger.data.object
        guard let broker = KafkaEvent.Broker(type) else { return [] }
        let heard = messages.filter { Self.listens(data, to: $0.topic, type) }
        return KafkaEvent.events(
            // What is fired by hand is for this trigger, whatever the topic.
            of: heard.isEmpty ? messages : heard, batchSize: data["batch_size"]?.integerValue ?? 1,
            of: broker,
            instance: place["instance_id"]?.stringValue ?? data.dataText("instance_id"),
            region: context.region, time: context.time
        ).map { SourceEvent($0) }
    }

    private static let placeMembers = ["instance_id", "kafka_connect_address", "vhost", "queue_name"]

    private static func topicMember(of type: TriggerType) -> String {
        type == .rabbitMQ ? "exchange_name" : "topic_id"
    }

    private static func listens(_ data: JSONObject, to topic: String, _ type: TriggerType) -> Bool {
        if type == .rabbitMQ {
            let exchange = data.dataText("exchange_name")
            return exchange.isEmpty || exchange == topic
        }
        let topics = data.dataTexts("topic_ids")
        return topics.isEmpty || topics.contains(topic)
    }

    /// What only one side names does not set them apart. Of lists of brokers, one in common is enough.
    private func agrees(with data: JSONObject) -> Bool {
        place.allSatisfy { key, value in
            let wanted = Self.parts(data.dataText(key))
            return wanted.isEmpty || !wanted.isDisjoint(with: Self.parts(value.stringValue ?? ""))
        }
    }

    private static func parts(_ text: String) -> Set<Substring> {
        Set(text.split { $0 == "," || $0 == " " })
    }
}
