import FunctionGraph
import FunctionStore
import Logging
import Sockets
import Timekeeping

/// What is known of asynchronous invocations that have ended, which does not grow for ever.
@EventLoopActor
final class AsyncHistory {
    private let store: FunctionStore
    private let workQueue: WorkQueue
    private let clock: Clock
    private let logger: Logger
    private var isStopped = false
    private lazy var timer = LoopTimer { [weak self] in self?.prune() }

    /// For how long an invocation is remembered after its end, in milliseconds; the platform's documents name no time.
    private static let retention: Int64 = 7 * 24 * 3_600_000
    /// How often those that are older are looked for, in nanoseconds.
    private static let interval: UInt64 = 3_600_000_000_000

    init(store: FunctionStore, workQueue: WorkQueue, clock: Clock, logger: Logger) {
        self.store = store
        self.workQueue = workQueue
        self.clock = clock
        self.logger = logger
    }

    /// Forgets what ended long ago, now and every hour.
    func start() {
        prune()
    }

    /// Writes nothing more, but for what is under way.
    func stop() {
        isStopped = true
        timer.cancel()
    }

    private func prune() {
        guard !isStopped else { return }
        let (store, logger) = (store, logger)
        let time = clock.now().advanced(byMilliseconds: -Self.retention)
        workQueue.run {
            do {
                return try store.pruneAsyncRequests(before: time)
            } catch {
                logger.error("old asynchronous invocations cannot be forgotten: \(error)")
                return false
            }
        } then: { [self] mayHaveMore in
            if mayHaveMore { prune() } else if !isStopped { timer.schedule(after: Self.interval) }
        }
    }
}
