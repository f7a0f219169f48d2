/// The days that a cron expression names. They are searched a month at a time: a month's days are the bits 1 to
/// 31 of a word.
struct CronDays: Hashable, Sendable {
    private let daysOfMonth: CronValues
    private let months: CronValues
    private let daysOfWeek: CronValues

    init(daysOfMonth: CronValues, months: CronValues, daysOfWeek: CronValues) {
        self.daysOfMonth = daysOfMonth
        self.months = months
        self.daysOfWeek = daysOfWeek
    }

    /// The first day, counted from 1970-01-01, of a range that is not empty.
    func first(in range: ClosedRange<Int64>) -> Int64? {
        var (year, month, day) = CivilDate.from(days: range.lowerBound)
        while true {
            if let next = months.first(from: Int(month)) {
                if next != month { (month, day) = (Int64(next), 1) }
                let eve = CivilDate.days(year: year, month: month, day: 1) - 1
                if let found = days(year: year, month: month, eve: eve).first(from: Int(day)) {
                    return eve + Int64(found) <= range.upperBound ? eve + Int64(found) : nil
                }
                guard eve < range.upperBound else { return nil }
                (month, day) = (month + 1, 1)
            } else {
                (year, month, day) = (year + 1, 1, 1)
            }
        }
    }

    /// The last day, counted from 1970-01-01, of a range that is not empty.
    func last(in range: ClosedRange<Int64>) -> Int64? {
        var (year, month, day) = CivilDate.from(days: range.upperBound)
        while true {
            if let previous = months.last(through: Int(month)) {
                if previous != month { (month, day) = (Int64(previous), 31) }
                let eve = CivilDate.days(year: year, month: month, day: 1) - 1
                if let found = days(year: year, month: month, eve: eve).last(through: Int(day)) {
                    return eve + Int64(found) >= range.lowerBound ? eve + Int64(found) : nil
                }
                guard eve >= range.lowerBound else { return nil }
                (month, day) = (month - 1, 31)
            } else {
                (year, month, day) = (year - 1, 12, 31)
            }
        }
    }

    /// The days of a month that match. If both day fields are restricted, a day matches when either does; if one
    /// is a wildcard, only the other counts (robfig/cron; the manual does not say).
    ///
    /// - Parameter eve: the day before the first of the month.
    private func days(year: Int64, month: Int64, eve: Int64) -> CronValues {
        // The weeks of the month: six copies of the week, moved so that bit 1 is the weekday of the first.
        let weeks = ((daysOfWeek.bits &* 0x8_1020_4081) >> Self.dayOfWeek(eve + 1)) << 1
        let isEither = !daysOfMonth.isWildcard && !daysOfWeek.isWildcard
        let matching = isEither ? daysOfMonth.bits | weeks : daysOfMonth.bits & weeks
        let existing = (UInt64(2) << CivilDate.dayCount(year: year, month: month)) - 2
        return CronValues(bits: matching & existing)
    }

    /// 0 is Sunday. The first day of 1970 was a Thursday.
    private static func dayOfWeek(_ day: Int64) -> Int64 { ((day + 4) % 7 + 7) % 7 }
}
