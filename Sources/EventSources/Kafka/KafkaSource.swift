import FunctionGraph
import FunctionStore
import Logging
import Sockets
import Triggers

/// Fires Kafka triggers whose `event_data` names a broker: each consumes its topics, as a group of its own, while it
/// is active. Nothing is connected to, and no library loaded, before there is such a trigger.
@EventLoopActor
public final class KafkaSource: EventSource {
    /// A trigger, and the consumer that works for it.
    private final class Subscription {
        /// The trigger if it is to consume, and how.
        var wanted: (bound: FunctionStore.BoundTrigger, settings: KafkaSettings)?
        var consumer: KafkaConsumer?
        /// The trigger as it was when the consumer began; the consumer of another one has to end.
        var consumed: FunctionStore.BoundTrigger?
        /// The kinds of problems that have been told since messages last could arrive.
        var told: Set<Int> = []
        var isAssigned = false
    }

    /// Of librdkafka: no broker of a list can be connected to.
    private static let allBrokersDown = -187
    /// Of Kafka: a topic does not exist.
    private static let unknownTopic = 3

    private let publisher: Publisher
    private let logger: Logger
    private var subscriptions: [Identifier: Subscription] = [:]
    private var hasMissedLibrary = false
    private var isStopped = false
    private var waiting: [() -> Void] = []
    private lazy var deadline = LoopTimer { [weak self] in self?.leave() }

    /// A source that fires through a publisher.
    public init(publisher: Publisher, logger: Logger) {
        self.publisher = publisher
        self.logger = logger
    }

    /// See `EventSource`.
    public func set(_ bound: FunctionStore.BoundTrigger) {
        guard KafkaSettings.types.contains(bound.trigger.type), !isStopped else { return }
        let settings = KafkaSettings(bound)
        let id = bound.trigger.id
        guard settings != nil || subscriptions[id] != nil else { return }
        let subscription = subscriptions[id] ?? Subscription()
        subscriptions[id] = subscription
        subscription.wanted = settings.map { (bound, $0) }
        subscription.told = []
        settle(id)
    }

    /// See `EventSource`.
    public func remove(_ bound: FunctionStore.BoundTrigger) {
        guard let subscription = subscriptions[bound.trigger.id] else { return }
        subscription.wanted = nil
        settle(bound.trigger.id)
    }

    /// Ends all consumers, for which they have so many milliseconds.
    public func stop(within milliseconds: UInt64) {
        isStopped = true
        for (id, subscription) in subscriptions {
            subscription.wanted = nil
            settle(id)
        }
        if !subscriptions.isEmpty { deadline.schedule(after: milliseconds * 1_000_000) }
    }

    /// Calls back when all consumers have ended after `stop`, or have had their time.
    public func whenStopped(_ body: @escaping () -> Void) {
        if subscriptions.isEmpty { body() } else { waiting.append(body) }
    }

    // MARK: Consumers

    /// Brings the consumer of a trigger closer to what is wanted: one that is not right ends, and only then, as they
    /// would share a group, the right one begins.
    private func settle(_ id: Identifier) {
        guard let subscription = subscriptions[id] else { return }
        if let consumer = subscription.consumer {
            if subscription.consumed != subscription.wanted?.bound { consumer.stop() }
            return
        }
        guard let (bound, settings) = subscription.wanted else {
            subscriptions[id] = nil
            if isStopped, subscriptions.isEmpty { leave() }
            return
        }
        guard KafkaConsumer.isAvailable else {
            subscriptions[id] = nil
            return missLibrary(bound)
        }
        let consumer = KafkaConsumer(
            settings,
            KafkaConsumer.Receiver(
                deliver: { [weak self] messages, answer in
                    guard let self else { return answer(.unwanted) }
                    deliver(messages, of: bound, answer)
                },
                report: { [weak self] report in self?.tell(report, bound, settings) },
                ended: { [weak self] in self?.ended(id) }))
        subscription.consumer = consumer
        subscription.consumed = bound
        subscription.isAssigned = false
        consumer.start()
    }

    private func ended(_ id: Identifier) {
        guard let subscription = subscriptions[id] else { return }
        subscription.consumer = nil
        subscription.consumed = nil
        settle(id)
    }

    private func deliver(
        _ messages: [KafkaEvent.Message], of bound: FunctionStore.BoundTrigger,
        _ answer: @escaping @Sendable (KafkaDelivery) -> Void
    ) {
        guard let subscription = subscriptions[bound.trigger.id], subscription.wanted?.bound == bound else {
            return answer(.unwanted)
        }
        subscription.told = []
        publisher.deliver(BrokerMessages(messages, of: bound.trigger.type), to: bound) { isKept in
            answer(isKept ? .kept : .refused)
        }
    }

    private func leave() {
        deadline.cancel()
        var bodies: [() -> Void] = []
        swap(&bodies, &waiting)
        subscriptions = [:]
        for body in bodies { body() }
    }

    // MARK: What people are told

    private func missLibrary(_ bound: FunctionStore.BoundTrigger) {
        guard !hasMissedLibrary else { return }
        hasMissedLibrary = true
        logger.warning(
            """
            Kafka triggers consume nothing: librdkafka.so.1 is not installed (Debian: apt-get install librdkafka1). \
            Messages for them can be sent to POST /_emulator/publish/\(bound.trigger.type.rawValue.lowercased())
            """, metadata: Self.metadata(bound))
    }

    private func tell(_ report: KafkaReport, _ bound: FunctionStore.BoundTrigger, _ settings: KafkaSettings) {
        guard let subscription = subscriptions[bound.trigger.id], subscription.wanted?.bound == bound else {
            return
        }
        let topics = settings.topics.joined(separator: ", ")
        switch report {
        case .assigned:
            // Groups get their partitions anew at times, which is no news.
            if !subscription.isAssigned || !subscription.told.isEmpty {
                logger.info("consuming \(topics) of \(settings.brokers)", metadata: Self.metadata(bound))
            }
            subscription.isAssigned = true
            subscription.told = []
        case .problem(let code, let text):
            guard subscription.told.insert(code).inserted else { return }
            let message =
                switch code {
                case Self.allBrokersDown:
                    """
                    no Kafka broker of \(settings.brokers) can be reached: \(text). It is tried again until one \
                    answers; start it, or correct the trigger's kafka_connect_address, or disable the trigger
                    """
                case Self.unknownTopic:
                    """
                    not all of \(topics) exist at \(settings.brokers): \(text). What is missing is consumed from when \
                    it is created
                    """
                default:
                    """
                    the Kafka broker \(settings.brokers) does not let the trigger consume \(topics): \(text). It is \
                    tried again
                    """
                }
            logger.warning("\(message)", metadata: Self.metadata(bound))
        case .impossible(let text):
            subscription.wanted = nil
            logger.error(
                "a Kafka trigger consumes nothing until it is changed: \(text)",
                metadata: Self.metadata(bound))
        case .tooLarge(let topic, let count):
            logger.warning(
                """
                a message of \(topic) with \(count) bytes is left out: an event has at most \
                \(SourceEvent.maximumSize) bytes
                """, metadata: Self.metadata(bound))
        }
    }

    private static func metadata(_ bound: FunctionStore.BoundTrigger) -> Logger.Metadata {
        ["trigger": "\(bound.trigger.id)", "function": "\(bound.target)"]
    }
}
