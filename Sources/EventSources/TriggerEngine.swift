import FunctionGraph
import FunctionStore
import Invocation
import Logging
import Sockets
import Timekeeping

/// Knows every trigger, tells the sources of events about them, and invokes what they are bound to when they fire.
@EventLoopActor
public final class TriggerEngine {
    /// What has fired.
    public let fires = FireLog()
    /// The triggers by their ids.
    public private(set) var triggers: [String: FunctionStore.BoundTrigger] = [:]
    /// The clock that timers go by.
    public let timekeeper: Timekeeper
    /// The region that events come from.
    public let region: String

    private let store: FunctionStore
    private let queue: AsyncQueue
    /// Reads one thing at a time: what was read later is newer.
    private let workQueue = WorkQueue(label: "fgs-emulator.triggers", width: 1)
    private let logger: Logger
    private var sources: [any EventSource] = []
    /// How many readings of triggers are under way.
    private var readings = 0
    private var waiting: [() -> Void] = []

    /// An engine that fires nothing before `start`.
    public init(
        store: FunctionStore, queue: AsyncQueue, timekeeper: Timekeeper, region: String, logger: Logger
    ) {
        self.store = store
        self.queue = queue
        self.timekeeper = timekeeper
        self.region = region
        self.logger = logger
    }

    /// Adds a source of events; before `start`.
    public func add(_ source: any EventSource) {
        sources.append(source)
    }

    /// Reads all triggers; from now on they fire.
    public func start() {
        let (store, region) = (store, region)
        read {
            try store.allTriggers(region: region)
        } replacing: { _ in
            true
        }
    }

    /// Reads the triggers of a function that has changed.
    public func reload(_ function: FunctionURN) {
        let store = store
        read {
            try store.allTriggers(of: function)
        } replacing: {
            $0.target.isSameFunction(as: function)
        }
    }

    /// Calls back once every change that was announced up to now has reached the sources.
    public func whenCurrent(_ body: @escaping () -> Void) {
        if readings == 0 { body() } else { waiting.append(body) }
    }

    /// Calls back once every change that was announced up to now is in force: what happens from then on fires.
    public func whenInForce(_ body: @escaping () -> Void) {
        whenCurrent { [self] in
            var next = body
            for source in sources {
                let following = next
                next = { source.whenCurrent(following) }
            }
            next()
        }
    }

    /// The active triggers of some types.
    public func active(_ types: Set<TriggerType>) -> [FunctionStore.BoundTrigger] {
        triggers.values.filter { types.contains($0.trigger.type) && $0.trigger.status == .active }
    }

    /// Invokes what a trigger is bound to, asynchronously, and records it.
    ///
    /// - Parameters:
    ///   - event: makes the event's JSON of the request id.
    ///   - due: when it was to fire; now unless given.
    ///   - accepted: called with the request id when the invocation is kept, or with why it is refused.
    public func fire(
        _ bound: FunctionStore.BoundTrigger, due: Timestamp? = nil, _ event: (_ requestID: String) -> [UInt8],
        accepted: @escaping (Result<String, FGSError>) -> Void = { _ in }
    ) {
        let requestID = RequestIDGenerator.next()
        let now = timekeeper.clock.now()
        let fires = fires
        let number = fires.append(Fire(bound, requestID: requestID, due: due ?? now, fired: now))
        let logger = logger
        queue.accept(bound.target, id: requestID, event: event(requestID)) { result in
            if case .failure(let error) = result {
                logger.warning(
                    "a \(bound.trigger.type.rawValue) trigger could not fire: \(error.message)",
                    metadata: ["trigger": "\(bound.trigger.id)", "function": "\(bound.target)"])
                fires.conclude(number, .failed(code: 0, message: error.message))
            }
            accepted(result.map { requestID })
        } ended: { status, code, message in
            fires.conclude(number, status == .succeeded ? .succeeded : .failed(code: code, message: message))
        }
    }

    // MARK: Keeping up with the store

    private func read(
        _ body: @escaping @Sendable () throws -> [FunctionStore.BoundTrigger],
        replacing isReplaced: @escaping @EventLoopActor @Sendable (FunctionStore.BoundTrigger) -> Bool
    ) {
        readings += 1
        workQueue.runUntilDone(body) { [logger] error in
            logger.error("triggers cannot be read yet: \(error)")
        } then: { [self] found in
            replace(isReplaced, by: found)
            readings -= 1
            guard readings == 0 else { return }
            var bodies: [() -> Void] = []
            swap(&bodies, &waiting)
            for body in bodies { body() }
        }
    }

    private func replace(
        _ isReplaced: (FunctionStore.BoundTrigger) -> Bool, by found: [FunctionStore.BoundTrigger]
    ) {
        let ids = Set(found.map(\.trigger.id.description))
        for (id, old) in triggers where isReplaced(old) && !ids.contains(id) {
            triggers[id] = nil
            for source in sources { source.remove(old) }
        }
        for new in found where triggers[new.trigger.id.description] != new {
            triggers[new.trigger.id.description] = new
            for source in sources { source.set(new) }
        }
    }
}
