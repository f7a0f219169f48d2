import FunctionGraph
import Sockets

/// Makes timers call when the emulator's clock reaches their times: one queue for all of them, and one timer of the
/// loop for the first.
@EventLoopActor
public final class Timekeeper {
    /// The clock.
    public let clock: Clock

    private struct Entry {
        let time: Timestamp
        /// Entries of one time come in the order in which they were made.
        let number: UInt64
        let timer: ClockTimer
    }

    private var heap: [Entry] = []
    private var lastNumber: UInt64 = 0
    /// How many timers have been turned off since their entries were last looked for.
    private var turnedOffCount = 0
    private lazy var alarm = LoopTimer { [weak self] in self?.fireDue() }

    /// The longest the alarm sleeps: the machine's clock may be set meanwhile.
    private static let longestSleep: Int64 = 60_000

    /// Entries of timers that are off are only looked for when there are more than this.
    private static let fewEntries = 64

    /// Keeps time by a clock.
    public init(_ clock: Clock) {
        self.clock = clock
    }

    /// The time of the first timer that is on; nil if there is none.
    public var nextDue: Timestamp? {
        discardStale()
        return heap.first?.time
    }

    /// Makes the clock stand still, at `time` or where it is. What is due by then calls first.
    public func freeze(at time: Timestamp? = nil) {
        clock.freeze(at: time ?? clock.now())
        fireDue()
    }

    /// Makes the clock run on, from `time` or from where it is.
    public func resume(from time: Timestamp? = nil) {
        // A clock that runs would lose a little each time if it were set to what it says.
        if time != nil || clock.isFrozen { clock.run(from: time ?? clock.now()) }
        fireDue()
    }

    /// Makes the clock go with the machine's again.
    public func reset() {
        clock.reset()
        fireDue()
    }

    /// Moves a clock that is being advanced to the next timer that is due by `target` and has it call.
    ///
    /// - Returns: false when there is none; the clock is at `target` then.
    public func step(towards target: Timestamp) -> Bool {
        guard let next = nextDue, next <= target else {
            clock.freeze(at: max(target, clock.now()))
            arm()
            return false
        }
        clock.freeze(at: max(next, clock.now()))
        let entry = removeFirst()
        _ = entry.timer.entryReached(entry.time, now: clock.now())
        return true
    }

    func enqueue(_ timer: ClockTimer, at time: Timestamp) {
        lastNumber += 1
        heap.append(Entry(time: time, number: lastNumber, timer: timer))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(heap[child], heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
        if child == 0 { arm() }
    }

    /// A timer that has an entry was turned off. What it holds on to must not wait for a time that may be far away, so
    /// when half of the entries may be like that they are removed.
    func turnedOff() {
        turnedOffCount += 1
        guard turnedOffCount > Self.fewEntries, turnedOffCount * 2 > heap.count else { return }
        turnedOffCount = 0
        heap.removeAll { !$0.timer.needsEntry(at: $0.time) }
        // What is in order is a heap.
        heap.sort(by: precedes)
    }

    // MARK: Firing

    private func fireDue() {
        let now = clock.now()
        while let first = heap.first, first.time <= now {
            let entry = removeFirst()
            _ = entry.timer.entryReached(entry.time, now: now)
        }
        arm()
    }

    private func arm() {
        guard let first = heap.first, !clock.isFrozen else {
            alarm.cancel()
            return
        }
        let distance = min(max(0, first.time.milliseconds - clock.now().milliseconds), Self.longestSleep)
        alarm.schedule(at: EventLoop.monotonicNanoseconds() + UInt64(distance) * 1_000_000)
    }

    /// Removes entries from the front whose timers were turned off or moved.
    private func discardStale() {
        while let first = heap.first, first.timer.due.map({ $0 > first.time }) ?? true {
            let entry = removeFirst()
            _ = entry.timer.entryReached(entry.time, now: entry.time)
        }
    }

    // MARK: The heap

    private func precedes(_ left: Entry, _ right: Entry) -> Bool {
        (left.time, left.number) < (right.time, right.number)
    }

    private func removeFirst() -> Entry {
        let first = heap[0]
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && precedes(heap[child], heap[smallest]) {
                smallest = child
            }
            guard smallest != parent else { return first }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
