/// The fields of a cron expression: days and times of day on a wall clock. What the wall clock shows when is the
/// business of `CronExpression`.
///
/// A wall time is a number of seconds since the beginning of 1970 as the clock on the wall counts them, so that
/// a day always has 86,400.
struct CronPattern: Hashable, Sendable {
    private static let secondsOfDay: Int64 = 86_400

    private let days: CronDays
    private let times: CronTimes

    /// Reads `second minute hour day-of-month month [day-of-week]`, or a descriptor.
    ///
    /// - Throws: `ScheduleFault` for the first fault.
    init(_ text: some StringProtocol) throws(ScheduleFault) {
        let fields = (try Self.fields(of: String(text))).split(whereSeparator: { $0.isWhitespace })
        guard 5...6 ~= fields.count else {
            throw ScheduleFault(
                "it has \(fields.count) fields; it must have 5 or 6: second minute hour day-of-month month "
                    + "[day-of-week]"
            )
        }
        // In the order of the text, so that its first fault is the one reported.
        let seconds = try CronField.second.values(of: fields[0])
        let minutes = try CronField.minute.values(of: fields[1])
        let hours = try CronField.hour.values(of: fields[2])
        let daysOfMonth = try CronField.dayOfMonth.values(of: fields[3])
        let months = try CronField.month.values(of: fields[4])
        let daysOfWeek = try CronField.dayOfWeek.values(of: fields.count == 6 ? fields[5] : "*")
        times = CronTimes(hours: hours, minutes: minutes, seconds: seconds)
        days = CronDays(daysOfMonth: daysOfMonth, months: months, daysOfWeek: daysOfWeek)
    }

    /// The first matching wall time of a range that is not empty.
    func first(in range: ClosedRange<Int64>) -> Int64? {
        let (day, second) = Self.split(range.lowerBound)
        let lastDay = Self.split(range.upperBound).day
        var found: Int64?
        if days.first(in: day...day) != nil, let time = times.first(from: second) {
            found = Self.wallTime(day, time)
        } else if day < lastDay, let next = days.first(in: day + 1...lastDay), let time = times.first() {
            found = Self.wallTime(next, time)
        }
        return found.flatMap { $0 <= range.upperBound ? $0 : nil }
    }

    /// The last matching wall time of a range that is not empty.
    func last(in range: ClosedRange<Int64>) -> Int64? {
        let (day, second) = Self.split(range.upperBound)
        let firstDay = Self.split(range.lowerBound).day
        var found: Int64?
        if days.last(in: day...day) != nil, let time = times.last(through: second) {
            found = Self.wallTime(day, time)
        } else if day > firstDay, let previous = days.last(in: firstDay...day - 1), let time = times.last() {
            found = Self.wallTime(previous, time)
        }
        return found.flatMap { $0 >= range.lowerBound ? $0 : nil }
    }

    /// The fields that robfig/cron's descriptors stand for.
    private static let descriptors: KeyValuePairs = [
        "@yearly": "0 0 0 1 1 *",
        "@annually": "0 0 0 1 1 *",
        "@monthly": "0 0 0 1 * *",
        "@weekly": "0 0 0 * * 0",
        "@daily": "0 0 0 * * *",
        "@midnight": "0 0 0 * * *",
        "@hourly": "0 0 * * * *",
    ]

    private static func fields(of text: String) throws(ScheduleFault) -> String {
        guard text.hasPrefix("@") else { return text }
        guard let fields = descriptors.first(where: { $0.key == text })?.value else {
            throw ScheduleFault(
                "'\(text.prefix(40))' is unknown; there are \(descriptors.map(\.key).joined(separator: ", "))"
            )
        }
        return fields
    }

    private static func split(_ wallTime: Int64) -> (day: Int64, second: Int) {
        let second = ((wallTime % secondsOfDay) + secondsOfDay) % secondsOfDay
        return ((wallTime - second) / secondsOfDay, Int(second))
    }

    private static func wallTime(_ day: Int64, _ second: Int) -> Int64 { day * secondsOfDay + Int64(second) }
}
