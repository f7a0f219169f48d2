/// Timers in the order of their deadlines: a binary heap.
@EventLoopActor
struct TimerQueue {
    private struct Entry {
        let deadline: UInt64
        let timer: LoopTimer
    }

    private var heap: [Entry] = []

    nonisolated init() {}

    var nextDeadline: UInt64? { heap.first?.deadline }

    mutating func insert(_ timer: LoopTimer, at deadline: UInt64) {
        heap.append(Entry(deadline: deadline, timer: timer))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes out the first entry whose time has come. Callers call back only after that, since a timer's
    /// action may set other timers.
    mutating func removeDue(at now: UInt64) -> (timer: LoopTimer, deadline: UInt64)? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        removeFirst()
        return (first.timer, first.deadline)
    }

    private mutating func removeFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].deadline < heap[smallest].deadline {
                smallest = child
            }
            guard smallest != parent else { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
