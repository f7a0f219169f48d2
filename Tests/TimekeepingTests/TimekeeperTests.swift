import FunctionGraph
import Sockets
import Testing
import Timekeeping

@Suite("Timers of the emulator's clock", .timeLimit(.minutes(1)))
@EventLoopActor
struct TimekeeperTests {
    private let timekeeper = Timekeeper(Clock())
    private let calls = Calls()

    init() {
        timekeeper.freeze(at: .noon)
    }

    @Test("while the clock stands nothing calls, however much time passes")
    func frozen() async throws {
        timer("a").schedule(at: .noon.advanced(byMilliseconds: 10))
        try await Task.sleep(for: .milliseconds(30))
        #expect(calls.names == [])
    }

    @Test("when the clock jumps, what is due calls in the order of its time, and of its making within a time")
    func order() {
        for (name, distance) in [
            ("late", 300), ("first", 100), ("second", 100), ("third", 100), ("never", 301),
        ] {
            timer(name).schedule(at: .noon.advanced(byMilliseconds: Int64(distance)))
        }
        timekeeper.freeze(at: .noon.advanced(byMilliseconds: 300))
        #expect(calls.names == ["first", "second", "third", "late"])
        #expect(calls.times == [100, 100, 100, 300].map { Timestamp.noon.advanced(byMilliseconds: $0) })
    }

    @Test("many timers call in order, whatever the order they were set in")
    func many() {
        var generator = SystemRandomNumberGenerator()
        let distances = (1...1_000).map { Int64($0 / 3) }
        for distance in distances.shuffled(using: &generator) {
            timer("\(distance)").schedule(at: .noon.advanced(byMilliseconds: distance))
        }
        timekeeper.freeze(at: .noon.advanced(byMilliseconds: 1_000))
        #expect(calls.names == distances.map { "\($0)" })
    }

    @Test("timers that were turned off hold on to nothing, however far away their times were")
    func turnedOff() {
        final class Thing {}
        final class Reference { weak var thing: Thing? }
        var references: [Reference] = []
        for _ in 0..<1_000 {
            let thing = Thing()
            references.append(Reference())
            references[references.count - 1].thing = thing
            let timer = ClockTimer(timekeeper) { _ in _ = thing }
            timer.schedule(at: .noon.advanced(byMilliseconds: 3_600_000))
            timer.cancel()
        }
        // The last few may still be there.
        #expect(references.count { $0.thing != nil } < 100)
    }

    @Test("what stays on among many that are turned off calls in order, and what is set again calls")
    func someTurnedOff() {
        var timers: [ClockTimer] = []
        for distance in 1...1_000 {
            timers.append(timer("\(distance)"))
            timers[distance - 1].schedule(at: .noon.advanced(byMilliseconds: Int64(distance)))
        }
        for (index, timer) in timers.enumerated() where index % 10 != 0 { timer.cancel() }
        timers[5].schedule(at: .noon.advanced(byMilliseconds: 1_500))
        timers[6].schedule(at: .noon.advanced(byMilliseconds: 2))
        timekeeper.freeze(at: .noon.advanced(byMilliseconds: 2_000))
        let expected = ["1", "7"] + stride(from: 11, through: 991, by: 10).map { "\($0)" } + ["6"]
        #expect(calls.names == expected)
    }

    @Test("the clock steps from timer to timer, and stands at each timer's time while it calls")
    func steps() {
        let target = Timestamp.noon.advanced(byMilliseconds: 500)
        for distance in [200, 100, 600] as [Int64] {
            timer("\(distance)").schedule(at: .noon.advanced(byMilliseconds: distance))
        }
        #expect(timekeeper.step(towards: target))
        #expect(calls.names == ["100"])
        #expect(timekeeper.clock.now() == .noon.advanced(byMilliseconds: 100))
        #expect(timekeeper.step(towards: target))
        #expect(calls.names == ["100", "200"])
        #expect(!timekeeper.step(towards: target))
        #expect(timekeeper.clock.now() == target)
        #expect(calls.names == ["100", "200"])
        #expect(calls.clock == [100, 200].map { Timestamp.noon.advanced(byMilliseconds: $0) })
    }

    @Test("what a timer sets while the clock steps is met on the way")
    func stepsMeetNewTimers() {
        var timer: ClockTimer?
        timer = ClockTimer(timekeeper) { [calls, timekeeper] time in
            calls.add("tick", time, timekeeper.clock.now())
            timer?.schedule(afterMilliseconds: 100)
        }
        timer?.schedule(afterMilliseconds: 100)
        while timekeeper.step(towards: .noon.advanced(byMilliseconds: 450)) {}
        #expect(calls.clock == [100, 200, 300, 400].map { Timestamp.noon.advanced(byMilliseconds: $0) })
        #expect(timekeeper.nextDue == .noon.advanced(byMilliseconds: 500))
        timer = nil
    }

    @Test("a timer that is turned off does not call and is not what comes next")
    func cancelled() {
        let first = timer("first")
        first.schedule(at: .noon.advanced(byMilliseconds: 100))
        timer("second").schedule(at: .noon.advanced(byMilliseconds: 200))
        first.cancel()
        #expect(timekeeper.nextDue == .noon.advanced(byMilliseconds: 200))
        timekeeper.freeze(at: .noon.advanced(byMilliseconds: 1_000))
        #expect(calls.names == ["second"])
        #expect(timekeeper.nextDue == nil)
    }

    @Test(
        "a timer that is moved calls once, at the time it was moved to",
        arguments: [
            [100, 300], [300, 100], [100, 300, 200], [300, 100, 200], [100, 100], [300, 100, 300],
        ]
            as [[Int64]])
    func moved(distances: [Int64]) throws {
        let timer = timer("moved")
        for distance in distances { timer.schedule(at: .noon.advanced(byMilliseconds: distance)) }
        let last = Timestamp.noon.advanced(byMilliseconds: try #require(distances.last))
        #expect(timekeeper.nextDue == last)
        timekeeper.freeze(at: last.advanced(byMilliseconds: -1))
        #expect(calls.names == [])
        timekeeper.freeze(at: last)
        #expect(calls.names == ["moved"])
        timekeeper.freeze(at: .noon.advanced(byMilliseconds: 1_000))
        #expect(calls.names == ["moved"])
    }

    @Test("a timer that has called can be set again")
    func again() {
        let timer = timer("again")
        timer.schedule(at: .noon.advanced(byMilliseconds: 300))
        timer.schedule(at: .noon.advanced(byMilliseconds: 100))
        timekeeper.freeze(at: .noon.advanced(byMilliseconds: 100))
        #expect(timer.due == nil)
        timer.schedule(at: .noon.advanced(byMilliseconds: 200))
        timekeeper.freeze(at: .noon.advanced(byMilliseconds: 200))
        timer.schedule(at: .noon.advanced(byMilliseconds: 300))
        timekeeper.freeze(at: .noon.advanced(byMilliseconds: 300))
        #expect(calls.times == [100, 200, 300].map { Timestamp.noon.advanced(byMilliseconds: $0) })
    }

    @Test("when the clock runs, timers call when their time has come, and not before")
    func running() async {
        let time = Timestamp.noon.advanced(byMilliseconds: 30)
        await withCheckedContinuation { continuation in
            let timer = ClockTimer(timekeeper) { [calls, timekeeper] due in
                calls.add("a", due, timekeeper.clock.now())
                continuation.resume()
            }
            timer.schedule(at: time)
            timekeeper.resume()
        }
        #expect(calls.times == [time])
        #expect(calls.clock.allSatisfy { $0 >= time })
    }

    @Test("a clock that resumes past a timer's time calls it at once")
    func resumedPast() {
        timer("a").schedule(at: .noon.advanced(byMilliseconds: 1_000))
        timekeeper.resume(from: .noon.advanced(byMilliseconds: 2_000))
        #expect(calls.names == ["a"])
    }

    @Test("a clock that is set back to the machine's calls what is due by then")
    func reset() {
        timer("past").schedule(at: .noon.advanced(byMilliseconds: 1_000))
        timer("future").schedule(at: Clock.systemTime().advanced(byMilliseconds: 3_600_000))
        timekeeper.reset()
        #expect(calls.names == ["past"])
    }

    @Test("a clock that is set back in time calls nothing twice")
    func backwards() {
        timer("a").schedule(at: .noon.advanced(byMilliseconds: 100))
        timer("b").schedule(at: .noon.advanced(byMilliseconds: 300))
        timekeeper.freeze(at: .noon.advanced(byMilliseconds: 200))
        timekeeper.freeze(at: .noon)
        timekeeper.freeze(at: .noon.advanced(byMilliseconds: 200))
        #expect(calls.names == ["a"])
        #expect(!timekeeper.step(towards: .noon.advanced(byMilliseconds: 100)))
        #expect(timekeeper.clock.now() == .noon.advanced(byMilliseconds: 200), "a step never goes back")
    }

    private func timer(_ name: String) -> ClockTimer {
        ClockTimer(timekeeper) { [calls, timekeeper] in calls.add(name, $0, timekeeper.clock.now()) }
    }
}
