import Sockets
import Testing

@Suite("The event loop", .timeLimit(.minutes(1)))
@EventLoopActor
struct EventLoopTests {
    @Test("what goes on and on at the end of turns does not keep others from theirs")
    func endOfTurn() async {
        let work = Endless()
        work.begin()
        await withCheckedContinuation { continuation in
            LoopTimer { continuation.resume() }.schedule(after: 5_000_000)
        }
        #expect(work.turns > 1)
        await withCheckedContinuation { continuation in
            EventLoop.post { continuation.resume() }
        }
        work.isOver = true
    }

    @EventLoopActor
    private final class Endless {
        var turns = 0
        var isOver = false

        func begin() {
            EventLoop.shared.atEndOfTurn { [self] in
                turns += 1
                if !isOver { begin() }
            }
        }
    }
}
