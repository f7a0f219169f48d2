/// The times of day that a cron expression names, in seconds from midnight. Each field has at least one value.
struct CronTimes: Hashable, Sendable {
    private let hours: CronValues
    private let minutes: CronValues
    private let seconds: CronValues

    init(hours: CronValues, minutes: CronValues, seconds: CronValues) {
        self.hours = hours
        self.minutes = minutes
        self.seconds = seconds
    }

    /// The first time of a day that is at least `lowest`.
    func first(from lowest: Int = 0) -> Int? {
        let (hour, minute, second) = (lowest / 3_600, lowest / 60 % 60, lowest % 60)
        if hours.contains(hour) {
            if minutes.contains(minute), let second = seconds.first(from: second) {
                return hour * 3_600 + minute * 60 + second
            }
            if let minute = minutes.first(from: minute + 1), let second = seconds.first() {
                return hour * 3_600 + minute * 60 + second
            }
        }
        guard let hour = hours.first(from: hour + 1), let minute = minutes.first(),
            let second = seconds.first()
        else { return nil }
        return hour * 3_600 + minute * 60 + second
    }

    /// The last time of a day that is at most `highest`.
    func last(through highest: Int = 86_399) -> Int? {
        let (hour, minute, second) = (highest / 3_600, highest / 60 % 60, highest % 60)
        if hours.contains(hour) {
            if minutes.contains(minute), let second = seconds.last(through: second) {
                return hour * 3_600 + minute * 60 + second
            }
            if let minute = minutes.last(through: minute - 1), let second = seconds.last() {
                return hour * 3_600 + minute * 60 + second
            }
        }
        guard let hour = hours.last(through: hour - 1), let minute = minutes.last(),
            let second = seconds.last()
        else { return nil }
        return hour * 3_600 + minute * 60 + second
    }
}
