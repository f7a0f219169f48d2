import FunctionGraph
import Sockets

/// Which timers have called, in order.
@EventLoopActor
final class Calls {
    private(set) var names: [String] = []
    /// The times that were set.
    private(set) var times: [Timestamp] = []
    /// What the clock said meanwhile.
    private(set) var clock: [Timestamp] = []

    nonisolated init() {}

    func add(_ name: String, _ time: Timestamp, _ now: Timestamp) {
        names.append(name)
        times.append(time)
        clock.append(now)
    }
}
