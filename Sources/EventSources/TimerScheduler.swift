import FunctionGraph
import FunctionStore
import Sockets
import Timekeeping
import Triggers

/// Fires TIMER triggers. Each has one entry in the timekeeper's queue, that of its next time; nothing else happens
/// until then. The next time is that of the schedule, however late the last one was, so nothing adds up.
@EventLoopActor
public final class TimerScheduler: EventSource {
    private struct Timer {
        let bound: FunctionStore.BoundTrigger
        let schedule: TimerSchedule
        let alarm: ClockTimer
    }

    /// By how many milliseconds a run may be late, on a busy machine, and is made up. What a clock that is set
    /// forward passes over by more is missed (runtime guide, "Timer rules").
    private static let longestDelay: Int64 = 10_000

    private let engine: TriggerEngine
    private var timers: [Identifier: Timer] = [:]

    /// A scheduler that fires through an engine.
    public init(_ engine: TriggerEngine) {
        self.engine = engine
    }

    /// See `EventSource`.
    public func set(_ bound: FunctionStore.BoundTrigger) {
        guard bound.trigger.type == .timer else { return }
        remove(bound)
        // What is stored has been checked when it came in.
        guard bound.trigger.status == .active,
            let schedule = try? TimerSchedule(
                type: bound.trigger.data["schedule_type"]?.stringValue ?? "",
                schedule: bound.trigger.data["schedule"]?.stringValue ?? "")
        else { return }
        let id = bound.trigger.id
        let alarm = ClockTimer(engine.timekeeper) { [weak self] due in self?.fire(id, due) }
        let timer = Timer(bound: bound, schedule: schedule, alarm: alarm)
        timers[id] = timer
        scheduleNext(of: timer, after: engine.timekeeper.clock.now())
    }

    /// See `EventSource`.
    public func remove(_ bound: FunctionStore.BoundTrigger) {
        timers.removeValue(forKey: bound.trigger.id)?.alarm.cancel()
    }

    /// The event of a timer at any time.
    ///
    /// - Throws: `FGSError` if its schedule cannot be read.
    static func event(of bound: FunctionStore.BoundTrigger, at time: Timestamp) throws(FGSError) -> TimerEvent
    {
        let schedule = try TimerSchedule(
            type: bound.trigger.data["schedule_type"]?.stringValue ?? "",
            schedule: bound.trigger.data["schedule"]?.stringValue ?? "")
        return event(of: bound, schedule, at: time)
    }

    /// The event of a timer.
    private static func event(
        of bound: FunctionStore.BoundTrigger, _ schedule: TimerSchedule, at time: Timestamp
    ) -> TimerEvent {
        TimerEvent(
            name: bound.trigger.data["name"]?.stringValue ?? "",
            userEvent: bound.trigger.data["user_event"]?.stringValue ?? "", time: time,
            offset: schedule.utcOffset(at: time))
    }

    private func fire(_ id: Identifier, _ due: Timestamp) {
        guard let timer = timers[id] else { return }
        engine.fire(timer.bound, due: due) { _ in
            Self.event(of: timer.bound, timer.schedule, at: due).bytes
        }
        let now = engine.timekeeper.clock.now()
        let isLate = now.milliseconds - due.milliseconds > Self.longestDelay
        scheduleNext(of: timer, after: isLate ? now : due)
    }

    private func scheduleNext(of timer: Timer, after time: Timestamp) {
        if let next = timer.schedule.next(after: time, activatedAt: timer.bound.trigger.modified) {
            timer.alarm.schedule(at: next)
        }
    }
}
