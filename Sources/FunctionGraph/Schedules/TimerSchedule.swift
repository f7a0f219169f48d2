/// When a timer trigger fires.
public enum TimerSchedule: Hashable, Sendable {
    /// `Rate`: `3m`.
    case rate(RateSchedule)
    /// `Cron` with an interval: `@every 3m`.
    case every(EverySchedule)
    /// `Cron` with fields: `0 */3 * * * *`.
    case cron(CronExpression)

    /// Reads a timer's schedule.
    ///
    /// - Parameters:
    ///   - type: the event data's `schedule_type`, `Rate` or `Cron` in exactly this spelling.
    ///   - schedule: its `schedule`.
    /// - Throws: `FGSError` `.invalidTimerTrigger`.
    public init(type: String, schedule: String) throws(FGSError) {
        switch ScheduleType(rawValue: type) {
        case .rate: self = .rate(try RateSchedule(schedule))
        case .cron:
            do throws(ScheduleFault) {
                let text = try ZonedText(schedule)
                self =
                    EverySchedule.isForm(of: text)
                    ? .every(try EverySchedule(text)) : .cron(try CronExpression(text))
            } catch {
                throw error.refusal(of: schedule, as: "schedule", with: .invalidTimerTrigger)
            }
        case nil:
            let types = ScheduleType.allCases.map(\.rawValue).joined(separator: " or ")
            throw ScheduleFault("it must be \(types)").refusal(
                of: type,
                as: "schedule_type",
                with: .invalidTimerTrigger
            )
        }
    }

    /// The `schedule_type`.
    public var type: ScheduleType {
        switch self {
        case .rate: .rate
        case .every, .cron: .cron
        }
    }

    /// The `schedule` as it was given.
    public var text: String {
        switch self {
        case .rate(let schedule): schedule.description
        case .every(let schedule): schedule.description
        case .cron(let expression): expression.description
        }
    }

    /// The first fire after `time`; a whole second, and after the activation.
    ///
    /// - Parameter activation: when the trigger was created, or enabled again: what rates and `@every` count from.
    /// - Returns: nil if there is none, see `CronExpression.next(after:)`.
    public func next(after time: Timestamp, activatedAt activation: Timestamp) -> Timestamp? {
        switch self {
        case .rate(let schedule): schedule.next(after: time, activatedAt: activation)
        case .every(let schedule): schedule.next(after: time, activatedAt: activation)
        case .cron(let expression): expression.next(after: max(time, activation))
        }
    }

    /// By how many seconds the clocks of the schedule's zone are ahead of UTC. Without a zone it is UTC.
    public func utcOffset(at time: Timestamp) -> Int {
        let zone =
            switch self {
            case .rate: ZoneOffsets.utc
            case .every(let schedule): schedule.zone
            case .cron(let expression): expression.zone
            }
        return Int(zone.offset(at: time.seconds))
    }

    /// A fire as the event's `time` gives it, in the time of the schedule's zone: `2026-05-04T08:00:00+02:00`.
    public func eventTime(of fire: Timestamp) -> String { fire.rfc3339(utcOffset: utcOffset(at: fire)) }
}
