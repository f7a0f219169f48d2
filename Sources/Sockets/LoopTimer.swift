/// Calls back once its deadline has passed. A timer can be set again at any time, which costs next to nothing.
///
/// Connections and workers move their deadline with every request. So a timer that is moved further away
/// leaves its entry in the queue where it is: when the old time comes, the timer sees that it has been
/// moved and queues itself anew. A busy timer then touches the queue once per period, not once per request.
@EventLoopActor
public final class LoopTimer {
    /// When to call, on the loop's monotonic clock; nil while the timer is off.
    public private(set) var deadline: UInt64?

    private var queuedAt: UInt64?
    private let action: () -> Void

    /// A timer that is off. `action` runs on the loop.
    public init(_ action: @escaping () -> Void) {
        self.action = action
    }

    /// Sets the timer to call once, `nanoseconds` after this turn of the loop began.
    public func schedule(after nanoseconds: UInt64) {
        schedule(at: EventLoop.shared.now &+ nanoseconds)
    }

    /// Sets the timer to call once at a time of the monotonic clock.
    public func schedule(at time: UInt64) {
        deadline = time
        if let queuedAt, queuedAt <= time { return }
        queuedAt = time
        EventLoop.shared.enqueue(self, at: time)
    }

    /// Turns the timer off.
    public func cancel() {
        deadline = nil
    }

    /// The queue reached the entry of time `entry`.
    func entryReached(_ entry: UInt64, now: UInt64) {
        // An entry that was overtaken by an earlier one says nothing.
        guard queuedAt == entry else { return }
        queuedAt = nil
        guard let deadline else { return }
        if deadline > now {
            schedule(at: deadline)
        } else {
            self.deadline = nil
            action()
        }
    }
}
