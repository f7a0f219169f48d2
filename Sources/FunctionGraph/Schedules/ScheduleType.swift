/// In which of its two languages a timer's schedule is written (`schedule_type`).
public enum ScheduleType: String, Hashable, Sendable, CaseIterable {
    /// `3m`.
    case rate = "Rate"
    /// `@every 3m`, or `0 */3 * * * *`.
    case cron = "Cron"
}
