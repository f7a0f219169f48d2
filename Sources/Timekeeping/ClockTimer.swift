import FunctionGraph
import Sockets

/// Calls back when a time of the emulator's clock has come, however the clock got there.
///
/// As with `LoopTimer`, moving a timer further away costs nothing: the queue's old entry finds out when its time
/// comes.
@EventLoopActor
public final class ClockTimer {
    /// When to call; nil while the timer is off.
    public private(set) var due: Timestamp?

    private let timekeeper: Timekeeper
    private let action: (Timestamp) -> Void
    private var queuedAt: Timestamp?

    /// A timer that is off.
    ///
    /// - Parameter action: Runs on the loop; is given the time that was set, which the clock may be past.
    public init(_ timekeeper: Timekeeper, _ action: @escaping (Timestamp) -> Void) {
        self.timekeeper = timekeeper
        self.action = action
    }

    /// Sets the timer to call once at a time.
    public func schedule(at time: Timestamp) {
        due = time
        if let queuedAt, queuedAt <= time { return }
        queuedAt = time
        timekeeper.enqueue(self, at: time)
    }

    /// Sets the timer to call once, so many milliseconds from now.
    public func schedule(afterMilliseconds distance: Int64) {
        schedule(at: timekeeper.clock.now().advanced(byMilliseconds: distance))
    }

    /// Turns the timer off.
    public func cancel() {
        guard due != nil else { return }
        due = nil
        if queuedAt != nil { timekeeper.turnedOff() }
    }

    /// Whether the queue has to keep the entry of a time. What it does not keep is forgotten here as well.
    func needsEntry(at entry: Timestamp) -> Bool {
        guard queuedAt == entry else { return false }
        if due == nil { queuedAt = nil }
        return due != nil
    }

    /// The queue reached the entry of time `entry`.
    ///
    /// - Returns: Whether the timer called.
    func entryReached(_ entry: Timestamp, now: Timestamp) -> Bool {
        guard queuedAt == entry else { return false }
        queuedAt = nil
        guard let due else { return false }
        guard due <= now else {
            schedule(at: due)
            return false
        }
        self.due = nil
        action(due)
        return true
    }
}
