import FunctionGraph
import FunctionStore

/// What a trigger's `event_data` says about the broker to consume from.
struct KafkaSettings: Sendable {
    /// The types of triggers that have one.
    static let types: Set<TriggerType> = [.kafka, .openSourceKafka]

    /// `host:port`, several with commas in between.
    let brokers: String
    /// The group whose offsets the trigger goes by.
    let group: String
    /// The topics.
    let topics: [String]
    /// How many messages an invocation gets at most.
    let batchSize: Int
    /// The name for SASL, with mechanism PLAIN; nil for none.
    let user: String?
    /// The password that goes with it.
    let password: String
    /// Whether the connection is encrypted.
    let usesTLS: Bool

    /// The settings of a trigger.
    ///
    /// - Returns: nil for a trigger that consumes nothing: it is disabled, of another type, or names no broker.
    init?(_ bound: FunctionStore.BoundTrigger) {
        let data = bound.trigger.data.object
        brokers = data.dataText("kafka_connect_address").filter { $0 != " " }
        var seen: Set<String> = []
        // A circumflex would make it a pattern; no topic's name has one.
        topics = data.dataTexts("topic_ids").filter {
            !$0.isEmpty && !$0.hasPrefix("^") && seen.insert($0).inserted
        }
        guard Self.types.contains(bound.trigger.type), bound.trigger.status == .active, !brokers.isEmpty,
            !topics.isEmpty
        else { return nil }
        group = "fgs-\(bound.trigger.id)"
        batchSize = max(1, data["batch_size"]?.integerValue ?? 1)
        let user = data.dataText("kafka_user")
        self.user = user.isEmpty ? nil : user
        password = data.dataText("kafka_password")
        usesTLS = data["kafka_ssl_enable"]?.boolValue ?? false
    }
}
