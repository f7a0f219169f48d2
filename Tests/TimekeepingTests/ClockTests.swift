import FunctionGraph
import Sockets
import Testing

import Timekeeping

@Suite("The emulator's clock")
@EventLoopActor
struct ClockTests {
    private let clock = Clock()

    @Test("it goes with the machine's clock until it is steered")
    func unsteered() {
        let before = Clock.systemTime()
        let now = clock.now()
        #expect(before <= now && now <= Clock.systemTime())
        #expect(!clock.isFrozen)
        #expect(clock.offset == 0)
    }

    @Test("frozen, it stands still at the time it was given")
    func frozen() async throws {
        let timekeeper = Timekeeper(clock)
        timekeeper.freeze(at: .noon)
        #expect(clock.isFrozen)
        #expect(clock.now() == .noon)
        try await Task.sleep(for: .milliseconds(5))
        #expect(clock.now() == .noon)
    }

    @Test("frozen without a time, it stands still where it is")
    func frozenInPlace() {
        let timekeeper = Timekeeper(clock)
        let before = clock.now()
        timekeeper.freeze()
        let stopped = clock.now()
        #expect(before <= stopped && stopped <= Clock.systemTime())
    }

    @Test("resumed, it runs on from where it stood")
    func resumed() async throws {
        let timekeeper = Timekeeper(clock)
        timekeeper.freeze(at: .noon)
        timekeeper.resume()
        #expect(!clock.isFrozen)
        #expect(clock.now() >= .noon)
        try await Task.sleep(for: .milliseconds(20))
        #expect(clock.now() >= .noon.advanced(byMilliseconds: 20))
        #expect(clock.now() < .noon.advanced(byMilliseconds: 60_000))
        #expect(clock.offset < 0)
    }

    @Test("it can run ahead of the machine's clock, and be set back to it")
    func ahead() {
        let timekeeper = Timekeeper(clock)
        let hour: Int64 = 3_600_000
        timekeeper.resume(from: Clock.systemTime().advanced(byMilliseconds: hour))
        #expect(abs(clock.offset - hour) < 1_000)
        #expect(clock.now() > Clock.systemTime().advanced(byMilliseconds: hour - 1_000))
        timekeeper.reset()
        #expect(clock.offset == 0)
        #expect(clock.now() <= Clock.systemTime())
    }

    @Test("resuming a clock that runs changes nothing, however often")
    func resumedWhileRunning() {
        let timekeeper = Timekeeper(clock)
        for _ in 0..<10_000 { timekeeper.resume() }
        #expect(clock.offset == 0)
        timekeeper.resume(from: Clock.systemTime().advanced(byMilliseconds: 5_000))
        let offset = clock.offset
        for _ in 0..<10_000 { timekeeper.resume() }
        #expect(clock.offset == offset)
    }

    @Test("it can be read from any thread while it is steered")
    func threads() async {
        let timekeeper = Timekeeper(clock)
        timekeeper.freeze(at: .noon)
        let clock = clock
        let readers = (0..<4).map { _ in
            Task.detached {
                (0..<20_000).allSatisfy { _ in
                    let now = clock.now()
                    return .noon <= now && now <= .noon.advanced(byMilliseconds: 1_000)
                }
            }
        }
        for step in 0..<1_000 as Range<Int64> { timekeeper.freeze(at: .noon.advanced(byMilliseconds: step)) }
        for reader in readers { #expect(await reader.value) }
    }
}

extension Timestamp {
    /// Some time long past.
    static let noon = Timestamp(milliseconds: 1_700_000_000_000)
}
