import FunctionGraph
import JSON

/// Messages of a broker: Kafka, managed or not, and its relatives (runtime guide, "Kafka", "RocketMQ").
public struct KafkaEvent: TriggerEvent {
    /// The kinds of brokers.
    public enum Broker: String, Sendable, CaseIterable {
        /// Kafka. Events do not tell a managed one from another.
        case kafka = "KAFKA"
        /// RocketMQ.
        case rocketMQ = "ROCKETMQ"
        /// RabbitMQ, whose exchanges stand in for topics.
        case rabbitMQ = "RABBITMQ"

        /// The broker of a type of triggers.
        ///
        /// - Returns: nil if that has none.
        public init?(_ type: TriggerType) {
            switch type {
            case .kafka, .openSourceKafka: self = .kafka
            case .rocketMQ: self = .rocketMQ
            case .rabbitMQ: self = .rabbitMQ
            case .timer, .apig, .dedicatedGateway, .cts, .dds, .dms, .lts, .obs, .smn, .dis: return nil
            }
        }
    }

    /// A message.
    public struct Message: Sendable {
        /// The topic, or the exchange.
        public let topic: String
        /// The text.
        public let text: String

        /// A message.
        public init(topic: String, text: String) {
            self.topic = topic
            self.text = text
        }
    }

    /// The messages in order.
    public let messages: [Message]
    /// The kind of broker.
    public let broker: Broker
    /// The id of the broker's instance.
    public let instance: String
    /// The region.
    public let region: String
    /// When they were fetched.
    public let time: Timestamp

    /// An event of some messages.
    public init(_ messages: [Message], of broker: Broker, instance: String, region: String, time: Timestamp) {
        self.messages = messages
        self.broker = broker
        self.instance = instance
        self.region = region
        self.time = time
    }

    /// The events of many messages: so many at a time, over all topics, as the trigger's `batch_size` says.
    public static func events(
        of messages: [Message],
        batchSize: Int,
        of broker: Broker,
        instance: String,
        region: String,
        time: Timestamp
    ) -> [KafkaEvent] {
        messages.batches(of: batchSize).map {
            KafkaEvent($0, of: broker, instance: instance, region: region, time: time)
        }
    }

    /// The event. There is one record for each topic, in the order in which they first occur.
    public var json: JSONObject {
        var event: JSONObject = [
            "event_version": "v1.0",
            "event_time": .integer(time.seconds),
            "trigger_type": .string(broker.rawValue),
            "region": .string(region),
        ]
        // RabbitMQ's records have it themselves.
        if broker != .rabbitMQ { event["instance_id"] = .string(instance) }
        var topics: [String] = []
        var texts: [String: [JSONValue]] = [:]
        for message in messages {
            if texts[message.topic] == nil { topics.append(message.topic) }
            texts[message.topic, default: []].append(.string(message.text))
        }
        event["records"] = .array(topics.map { record(of: $0, messages: texts[$0] ?? []) })
        return event
    }

    private func record(of topic: String, messages: [JSONValue]) -> JSONValue {
        broker == .rabbitMQ
            ? ["messages": .array(messages), "instance_id": .string(instance), "exchange": .string(topic)]
            : ["topic_id": .string(topic), "messages": .array(messages)]
    }
}
