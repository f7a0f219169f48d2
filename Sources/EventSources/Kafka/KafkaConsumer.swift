import CKafka
import Dispatch
import Glibc
import Sockets
import Synchronization
import Triggers

/// Reads the messages of one trigger from its broker, on a thread of its own, and commits them once they are handed
/// over: each arrives at least once.
final class KafkaConsumer: Sendable {
    /// What the loop is asked for.
    struct Receiver: Sendable {
        /// Takes the messages of one invocation; answers, on the loop, what became of them.
        let deliver:
            @EventLoopActor @Sendable ([KafkaEvent.Message], @escaping @Sendable (KafkaDelivery) -> Void) ->
                Void
        /// Is told what else there is to say.
        let report: @EventLoopActor @Sendable (KafkaReport) -> Void
        /// Is told that the consumer has left its group and is gone.
        let ended: @EventLoopActor @Sendable () -> Void
    }

    /// Whether librdkafka is there. Loads it.
    static var isAvailable: Bool { ckafka_is_available() != 0 }

    /// For how long the thread waits for a first message before it looks whether it is to stop, in milliseconds.
    private static let patience: Int32 = 100
    /// For how long a batch waits for its next message.
    private static let linger: Int32 = 10
    /// How many bytes a batch gathers, so that large messages do not add up.
    private static let batchBytes = 4 << 20
    /// What an event has besides its messages, generously.
    private static let overhead = 4 << 10
    /// How long the pauses are before what was refused is handed over again, in seconds.
    private static let pauses = 1...60

    private let settings: KafkaSettings
    private let receiver: Receiver
    private let isStopped = Atomic<Bool>(false)
    private let stopSignal = DispatchSemaphore(value: 0)

    /// A consumer that does nothing before `start`.
    init(_ settings: KafkaSettings, _ receiver: Receiver) {
        self.settings = settings
        self.receiver = receiver
    }

    /// Begins. Blocks nobody.
    func start() {
        // Not one of Dispatch's threads, whose number is limited: this one waits all its life.
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<KafkaConsumer>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        if failure == 0 {
            pthread_detach(thread)
        } else {
            Unmanaged.passUnretained(self).release()
            end(.impossible(text: "there is no thread left for it"))
        }
    }

    /// Has the thread end. `ended` follows.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        stopSignal.signal()
    }

    // MARK: On the thread

    private func run() {
        var message = [CChar](repeating: 0, count: 256)
        guard let handle = open(&message) else { return end(.impossible(text: Self.text(message))) }
        while !isStopped.load(ordering: .relaxed) {
            let events = gather(handle)
            guard !events.isEmpty else { continue }
            guard handOver(events) else { break }
            ckafka_commit(handle)
        }
        ckafka_close(handle)
        end(nil)
    }

    private func end(_ report: KafkaReport?) {
        EventLoop.post { [receiver] in
            if let report { receiver.report(report) }
            receiver.ended()
        }
    }

    private func report(_ report: KafkaReport) {
        EventLoop.post { [receiver] in receiver.report(report) }
    }

    private func open(_ message: inout [CChar]) -> OpaquePointer? {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let texts =
            [settings.brokers, settings.group, settings.user ?? "", settings.password] + settings.topics
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        let topics = copies[4...].map { UnsafePointer($0) }
        return topics.withUnsafeBufferPointer { topics in
            var all = ckafka_settings()
            all.brokers = UnsafePointer(copies[0])
            all.group = UnsafePointer(copies[1])
            if settings.user != nil {
                all.user = UnsafePointer(copies[2])
                all.password = UnsafePointer(copies[3])
            }
            all.topics = topics.baseAddress
            all.topic_count = topics.count
            all.uses_tls = settings.usesTLS ? 1 : 0
            all.since_ms = Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
            return ckafka_open(&all, &message)
        }
    }

    /// The next batch, as the messages of one or, if they are large, several invocations; empty if there are none.
    private func gather(_ handle: OpaquePointer) -> [[KafkaEvent.Message]] {
        var events: [[KafkaEvent.Message]] = []
        var (count, total, size) = (0, 0, 0)
        var event = ckafka_event()
        while count < settings.batchSize, total < Self.batchBytes {
            ckafka_poll(handle, count == 0 ? Self.patience : Self.linger, &event)
            switch event.kind {
            case CKAFKA_MESSAGE:
                let message = Self.message(event)
                ckafka_release(event.message)
                count += 1
                // As JSON, with the comma, and the topic, should it be the first one of it.
                let bytes = message.jsonSize + message.topic.utf8.count + 64
                total += bytes
                guard bytes + Self.overhead <= SourceEvent.maximumSize else {
                    report(.tooLarge(topic: message.topic, count: message.text.utf8.count))
                    if events.isEmpty { events.append([]) }
                    continue
                }
                if events.isEmpty || size + bytes + Self.overhead > SourceEvent.maximumSize {
                    events.append([])
                    size = 0
                }
                size += bytes
                events[events.count - 1].append(message)
            case CKAFKA_ASSIGNED:
                report(.assigned)
            case CKAFKA_PROBLEM:
                report(.problem(code: Int(event.code), text: Self.text(of: &event)))
            default:
                return events
            }
        }
        return events
    }

    /// Hands over one after the other, until the invocation of each is kept.
    ///
    /// - Returns: false if they are to be read again some other time.
    private func handOver(_ events: [[KafkaEvent.Message]]) -> Bool {
        for messages in events where !messages.isEmpty {
            var pause = Self.pauses.lowerBound
            attempts: while true {
                switch handOver(messages) {
                case .kept: break attempts
                case .unwanted: return false
                case .refused:
                    _ = stopSignal.wait(timeout: .now() + .seconds(pause))
                    guard !isStopped.load(ordering: .relaxed) else { return false }
                    pause = min(pause * 2, Self.pauses.upperBound)
                }
            }
        }
        return true
    }

    private func handOver(_ messages: [KafkaEvent.Message]) -> KafkaDelivery {
        let answer = Answer()
        EventLoop.post { [receiver] in receiver.deliver(messages) { answer.give($0) } }
        return answer.wait()
    }

    /// Brings what became of a delivery to the thread that waits for it.
    private final class Answer: Sendable {
        private let value = Mutex(KafkaDelivery.unwanted)
        private let signal = DispatchSemaphore(value: 0)

        func give(_ delivery: KafkaDelivery) {
            value.withLock { $0 = delivery }
            signal.signal()
        }

        func wait() -> KafkaDelivery {
            signal.wait()
            return value.withLock { $0 }
        }
    }

    private static func message(_ event: ckafka_event) -> KafkaEvent.Message {
        KafkaEvent.Message(
            topic: String(cString: event.topic),
            text: String(
                decoding: UnsafeRawBufferPointer(
                    start: event.bytes, count: event.bytes == nil ? 0 : event.count),
                as: UTF8.self))
    }

    private static func text(of event: inout ckafka_event) -> String {
        withUnsafeBytes(of: &event.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
