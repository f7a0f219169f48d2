import FunctionGraph
import FunctionStore
import Logging
import Sockets
import Timekeeping

/// Has the instances that are reserved kept running: as many as the policies say, at each time of the clock.
@EventLoopActor
public final class Reservations {
    private let store: FunctionStore
    private let invoker: Invoker
    private let timekeeper: Timekeeper
    private let workQueue: WorkQueue
    private let region: String
    private let logger: Logger
    /// What is reserved, by the versions that aliases lead to.
    private var policies: [(version: FunctionURN, policy: ReservedInstances)] = []
    private var isReading = false
    private var mustReadAgain = false
    private lazy var timer = ClockTimer(timekeeper) { [weak self] _ in self?.apply() }

    /// Nothing is reserved until `reload`.
    public init(
        store: FunctionStore, invoker: Invoker, timekeeper: Timekeeper, workQueue: WorkQueue, region: String,
        logger: Logger
    ) {
        self.store = store
        self.invoker = invoker
        self.timekeeper = timekeeper
        self.workQueue = workQueue
        self.region = region
        self.logger = logger
    }

    /// Reads the policies anew.
    public func reload() {
        guard !isReading else {
            mustReadAgain = true
            return
        }
        isReading = true
        let (store, region) = (store, region)
        workQueue.runUntilDone {
            try store.allReservedInstances(region: region).compactMap { policy in
                do {
                    return (try store.function(policy.urn).urn(in: region), policy)
                } catch is FGSError {
                    // It has gone since its policy was read, and the policy with it.
                    return nil
                }
            }
        } failed: { [logger] error in
            logger.error("reserved instances cannot be read yet: \(error)")
        } then: { [self] found in
            isReading = false
            policies = found
            if mustReadAgain {
                mustReadAgain = false
                reload()
            } else {
                apply()
            }
        }
    }

    /// A function has changed: an alias may lead elsewhere, or a policy may have gone with its version.
    public func functionChanged(_ function: FunctionURN) {
        if policies.contains(where: { $0.version.isSameFunction(as: function) }) { reload() }
    }

    /// Sets the numbers of this moment, and waits for the next one at which they change.
    private func apply() {
        let now = timekeeper.clock.now()
        var wanted: [FunctionURN: Int] = [:]
        for (version, policy) in policies {
            wanted[version, default: 0] += policy.tactics.count(at: now, base: policy.count)
        }
        invoker.reserve(wanted)
        timer.cancel()
        if let next = policies.compactMap({ $0.policy.tactics.nextChange(after: now) }).min() {
            timer.schedule(at: next)
        }
    }
}
