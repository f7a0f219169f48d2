import Sockets
import Synchronization
import Testing

@Suite("Work off the event loop", .timeLimit(.minutes(1)))
@EventLoopActor
struct WorkQueueTests {
    private struct Failure: Error {}

    @Test("what is brought to a queue of width 1 ends in the order it was brought")
    func order() async {
        let queue = WorkQueue(label: "test", width: 1)
        let ended = Ended()
        await withCheckedContinuation { continuation in
            for number in 0..<100 {
                queue.run {
                    number
                } then: {
                    ended.numbers.append($0)
                    if $0 == 99 { continuation.resume() }
                }
            }
        }
        #expect(ended.numbers == Array(0..<100))
    }

    @Test("work that fails is done again until it does not, and each failure is told")
    func again() async {
        let queue = WorkQueue(label: "test", width: 1)
        let (attempts, ended) = (Counter(), Ended())
        let value = await withCheckedContinuation { continuation in
            queue.runUntilDone {
                let attempt = attempts.next()
                if attempt < 3 { throw Failure() }
                return attempt
            } failed: { error in
                if error is Failure { ended.failures += 1 }
            } then: {
                continuation.resume(returning: $0)
            }
        }
        #expect(value == 3)
        #expect(ended.failures == 2)
    }

    private final class Counter: Sendable {
        private let count = Atomic(0)

        func next() -> Int { count.add(1, ordering: .relaxed).newValue }
    }

    @EventLoopActor
    private final class Ended {
        var numbers: [Int] = []
        var failures = 0
    }
}
