import CSystem
import Sockets

/// Gives memory back to the system that was needed once: that of starting, and that of large requests and logs.
@EventLoopActor
final class MemoryRelief {
    private let queue = WorkQueue(label: "fgs-emulator.memory", width: 1)
    private lazy var timer = LoopTimer { [weak self] in self?.releaseHeap() }

    /// After how long starting lies behind, in nanoseconds.
    private static let startingTime: UInt64 = 1_000_000_000
    /// How often the heap is looked through, in nanoseconds.
    private static let interval: UInt64 = 10_000_000_000

    /// Begins, in a moment.
    func start() {
        LoopTimer { [self] in
            // Most of the code that is mapped by now only runs once.
            csystem_release_code()
            releaseHeap()
        }.schedule(after: Self.startingTime)
    }

    private func releaseHeap() {
        queue.run {
            csystem_release_heap()
        } then: { [self] in
            timer.schedule(after: Self.interval)
        }
    }
}
