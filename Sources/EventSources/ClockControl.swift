import FunctionGraph
import Invocation
import Sockets
import Timekeeping

/// Steers the clock for people and tests, one order after the other.
@EventLoopActor
public final class ClockControl {
    private let engine: TriggerEngine
    private let queue: AsyncQueue
    private var timekeeper: Timekeeper { engine.timekeeper }
    private var orders: [() -> Void] = []
    private var isBusy = false

    /// Steers the clock of an engine.
    public init(_ engine: TriggerEngine, queue: AsyncQueue) {
        self.engine = engine
        self.queue = queue
    }

    /// The clock.
    public var clock: Clock { timekeeper.clock }

    /// When something is due next; nil if nothing waits for a time.
    public var nextDue: Timestamp? { timekeeper.nextDue }

    /// Makes the clock go with the machine's again, stand still, or run, from a time or from where it is.
    ///
    /// What a clock that is set forward passes over is late and happens now; timers skip runs that are more than
    /// a few seconds late. `advance` has everything happen at its own time instead.
    ///
    /// - Parameter completion: called when it is done, with the fires that this caused.
    public func set(_ setting: ClockSetting, completion: @escaping (ArraySlice<Fire>) -> Void) {
        perform { [self] in
            let first = engine.fires.count
            switch setting {
            case .system: timekeeper.reset()
            case .frozen(let time): timekeeper.freeze(at: time)
            case .running(let time): timekeeper.resume(from: time)
            }
            completion(engine.fires.fires(from: first))
            next()
        }
    }

    /// Moves the clock forward, making everything that becomes due on the way happen in its order and at its time.
    /// A clock that ran goes on running from there.
    ///
    /// - Parameters:
    ///   - target: where to; a time in the past changes nothing.
    ///   - waits: whether the invocations of each time end before the clock moves on, so that what they bring
    ///     about is in its place too.
    ///   - completion: called with the fires that this caused.
    public func advance(
        to target: @escaping (_ now: Timestamp) -> Timestamp, waits: Bool,
        completion: @escaping (ArraySlice<Fire>) -> Void
    ) {
        perform { [self] in
            let first = engine.fires.count
            let wasFrozen = clock.isFrozen
            let now = clock.now()
            timekeeper.freeze(at: now)
            step(towards: target(now), waits: waits) { [self] in
                if !wasFrozen { timekeeper.resume() }
                completion(engine.fires.fires(from: first))
                next()
            }
        }
    }

    private func step(towards target: Timestamp, waits: Bool, completion: @escaping () -> Void) {
        let go = { [self] in
            guard timekeeper.step(towards: target) else {
                if waits { queue.whenQuiet(completion) } else { completion() }
                return
            }
            // What is due at the same time happens together.
            while timekeeper.nextDue.map({ $0 <= clock.now() }) ?? false,
                timekeeper.step(towards: clock.now())
            {}
            EventLoop.shared.atEndOfTurn { [self] in
                step(towards: target, waits: waits, completion: completion)
            }
        }
        if waits { queue.whenQuiet(go) } else { go() }
    }

    // MARK: Order

    private func perform(_ order: @escaping () -> Void) {
        orders.append(order)
        if !isBusy { next() }
    }

    private func next() {
        isBusy = !orders.isEmpty
        guard isBusy else { return }
        let order = orders.removeFirst()
        engine.whenCurrent(order)
    }
}
