import FunctionGraph
import FunctionStore
import Logging
import Sockets
import Timekeeping

/// Keeps the figures of what functions do: gathers them from the deployments, and stores them behind the back of whoever
/// invokes functions. Those from the start on it keeps in memory.
@EventLoopActor
final class MetricsRecorder {
    /// What a function has done since the start, by its URN without version.
    typealias Total = (function: String, bucket: MetricsBucket, instances: Int, running: Int)

    private let store: FunctionStore
    private let workQueue: WorkQueue
    private let clock: Clock
    private let logger: Logger
    private let deployments: () -> [Deployment]
    /// What old states did, by function.
    private var retiredTotals: [String: MetricsBucket] = [:]
    private var gathered: [FunctionStore.MinuteMetrics] = []
    /// Before when nothing is stored any more, as far as is known.
    private var oldest = Timestamp(milliseconds: .min)
    private lazy var timer = LoopTimer { [weak self] in self?.write() }

    /// Of how many functions figures are kept that have changed or gone.
    private static let totalsLimit = 1_000
    /// For how long figures gather before they are stored, in nanoseconds.
    private static let interval: UInt64 = 5_000_000_000
    /// For how long they are kept, in milliseconds: reports go back to the first day of the fifth month before this one.
    private static let retention: Int64 = 190 * 86_400_000
    /// How much older they may become until they are forgotten, in milliseconds.
    private static let slack: Int64 = 86_400_000

    /// - Parameter deployments: All there are, old states too.
    init(
        _ store: FunctionStore, workQueue: WorkQueue, clock: Clock, logger: Logger,
        deployments: @escaping () -> [Deployment]
    ) {
        self.store = store
        self.workQueue = workQueue
        self.clock = clock
        self.logger = logger
        self.deployments = deployments
    }

    /// An invocation has ended.
    func somethingHappened() {
        if timer.deadline == nil { timer.schedule(after: Self.interval) }
    }

    /// An old state has done what it had to. `deployed` are the functions there are.
    func retire(_ deployment: Deployment, deployed: () -> Set<String>) {
        take(from: deployment)
        let name = deployment.function.baseName
        retiredTotals[name, default: MetricsBucket()].merge(deployment.metrics.total)
        guard retiredTotals.count > Self.totalsLimit else { return }
        // Most of them have been deleted.
        let names = deployed()
        retiredTotals = retiredTotals.filter { names.contains($0.key) }
    }

    /// What each function has done.
    var totals: [Total] {
        var totals: [String: (bucket: MetricsBucket, instances: Int, running: Int)] = [:]
        for (name, bucket) in retiredTotals { totals[name] = (bucket, 0, 0) }
        for deployment in deployments() where !deployment.isUntouched {
            var entry = totals[deployment.function.baseName] ?? (MetricsBucket(), 0, 0)
            entry.bucket.merge(deployment.metrics.all)
            entry.instances += deployment.liveCount
            entry.running += deployment.runningCount
            totals[deployment.function.baseName] = entry
        }
        return totals.map { ($0.key, $0.value.bucket, $0.value.instances, $0.value.running) }
            .sorted { $0.function < $1.function }
    }

    /// Forgets what has been done since the start.
    func forgetTotals() {
        retiredTotals = [:]
        for deployment in deployments() { deployment.metrics.forgetTotal() }
    }

    /// Stores the figures that have gathered, and calls back when they can be read.
    func flush(_ completion: @escaping @EventLoopActor @Sendable () -> Void) {
        write(completion)
    }

    private func take(from deployment: Deployment) {
        let metrics = deployment.metrics.take(at: clock.now(), reserved: deployment.reservedCount)
        if let metrics { gathered.append(metrics) }
    }

    private func write(_ completion: (@EventLoopActor @Sendable () -> Void)? = nil) {
        timer.cancel()
        for deployment in deployments() { take(from: deployment) }
        var taken: [FunctionStore.MinuteMetrics] = []
        swap(&taken, &gathered)
        guard !taken.isEmpty || completion != nil else { return }
        let limit = clock.now().advanced(byMilliseconds: -Self.retention)
        let mustPrune = limit >= oldest.advanced(byMilliseconds: Self.slack)
        if mustPrune { oldest = limit }
        workQueue.run { [store, logger, taken] in
            do {
                try store.add(taken)
                if mustPrune { try store.pruneMetrics(before: limit) }
            } catch {
                logger.error("statistics could not be stored: \(error)")
            }
        } then: {
            completion?()
        }
    }
}
