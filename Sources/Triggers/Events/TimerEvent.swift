import FunctionGraph
import JSON

/// A timer's event (API reference, TIMER).
public struct TimerEvent: TriggerEvent {
    /// The trigger's name.
    public let name: String
    /// The text that was given with the trigger, passed on as it is; empty if there was none.
    public let userEvent: String
    /// When the timer was to fire.
    public let time: Timestamp
    /// How far east of UTC the schedule's zone then is, in seconds.
    public let offset: Int

    /// An event of a timer.
    public init(name: String, userEvent: String = "", time: Timestamp, offset: Int = 0) {
        self.name = name
        self.userEvent = userEvent
        self.time = time
        self.offset = offset
    }

    /// The event.
    public var json: JSONObject {
        [
            "version": "v1.0",
            "time": .string(time.rfc3339(secondsEast: offset)),
            "trigger_type": "TIMER",
            "trigger_name": .string(name),
            "user_event": .string(userEvent),
        ]
    }
}
