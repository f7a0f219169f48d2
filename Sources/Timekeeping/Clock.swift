import FunctionGraph
import Glibc
import Synchronization

/// The time of day that everything in the emulator goes by: what is stored, what is due, what has expired.
///
/// It can be read from any thread. It goes with the machine's clock until it is steered (see `Timekeeper`): then it
/// stands still, or runs ahead of or behind the machine's. How long a handler may run is measured by the machine's
/// monotonic clock instead: time that is steered does not make code faster.
public final class Clock: Sendable {
    private struct State {
        /// The time it stands at; nil while it runs.
        var frozen: Timestamp?
        /// How far it is ahead of the machine's clock while it runs, in milliseconds.
        var offset: Int64 = 0
    }

    private let state = Mutex(State())
    /// Whether there is anything in `state` that differs from the machine's clock.
    private let isSteered = Atomic(false)

    /// A clock that goes with the machine's.
    public init() {}

    /// The time now.
    public func now() -> Timestamp {
        let system = Self.systemTime()
        guard isSteered.load(ordering: .acquiring) else { return system }
        return state.withLock { $0.frozen ?? system.advanced(byMilliseconds: $0.offset) }
    }

    /// Whether it stands still.
    public var isFrozen: Bool { state.withLock { $0.frozen != nil } }

    /// How far it is ahead of the machine's clock, in milliseconds.
    public var offset: Int64 { now().milliseconds - Self.systemTime().milliseconds }

    /// Makes it stand still at a time.
    func freeze(at time: Timestamp) {
        state.withLock { $0.frozen = time }
        isSteered.store(true, ordering: .releasing)
    }

    /// Makes it run on from a time.
    func run(from time: Timestamp) {
        state.withLock { state in
            state.frozen = nil
            state.offset = time.milliseconds - Self.systemTime().milliseconds
        }
        isSteered.store(true, ordering: .releasing)
    }

    /// Makes it go with the machine's clock again.
    func reset() {
        state.withLock { $0 = State() }
        isSteered.store(false, ordering: .releasing)
    }

    /// The machine's own time, which nobody steers: what the emulator's log goes by.
    public static func systemTime() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
