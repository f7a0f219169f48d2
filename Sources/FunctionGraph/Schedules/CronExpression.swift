/// A timer's schedule in the form `second minute hour day-of-month month [day-of-week]`, in the time of a zone.
///
/// `CRON_TZ=<zone>` may stand before the fields; without it they are read as UTC. The descriptors `@yearly`,
/// `@annually`, `@monthly`, `@weekly`, `@daily`, `@midnight` and `@hourly` may stand for them. See `CronField` for
/// the grammar of a field and `CronDays` for what two restricted day fields mean.
///
/// When a zone's clocks change, one rule decides: *each time that the clocks show fires once, when they show it
/// first.*
///
/// - Put forward, they never show the hour that they leap over, and what is due in it does not fire that day.
/// - Put back, they show an hour twice, and what is due in it fires in the first of them. That is true of
///   `0 30 2 * * *`, which is what people want of it, and of `0 * * * * *` all the same, which pauses for the
///   second hour. Whoever needs even distances leaves the zone out, or writes `@every`.
public struct CronExpression: Hashable, Sendable, CustomStringConvertible {
    /// How far is searched: ten years. The longest time between two matches are the eight years between two leap
    /// days around a year such as 2100.
    private static let horizon: Int64 = 10 * 366 * 86_400

    /// The expression as it was given.
    public let description: String
    /// The zone whose clocks it goes by.
    let zone: ZoneOffsets
    private let pattern: CronPattern

    /// Reads an expression.
    ///
    /// - Parameters:
    ///   - setting: the setting's key, for the text of the error.
    ///   - code: what kind of setting is wrong.
    /// - Throws: `FGSError` with that code for the first fault. `@every` is one: it needs an activation to count
    ///   from, see `EverySchedule`.
    public init(
        _ text: String,
        setting: String = "schedule",
        or code: ErrorCode = .invalidTimerTrigger
    ) throws(FGSError) {
        do throws(ScheduleFault) {
            try self.init(ZonedText(text))
        } catch {
            throw error.refusal(of: text, as: setting, with: code)
        }
    }

    init(_ text: ZonedText) throws(ScheduleFault) {
        description = text.original
        zone = text.zone
        pattern = try CronPattern(text.schedule)
    }

    /// The first time after `time` at which the expression fires; a whole second.
    ///
    /// - Returns: nil if it does not fire within ten years, and so never (February 30), or before the year 10000.
    public func next(after time: Timestamp) -> Timestamp? {
        let first = time.seconds + 1
        let last = min(time.seconds + Self.horizon, Timestamp.lastWritable.seconds)
        guard first <= last else { return nil }
        for period in zone.periods(in: first...last) {
            guard let seconds = period.freshSeconds?.intersection(first...last) else { continue }
            if let wallTime = pattern.first(in: seconds.shifted(by: period.offset)) {
                return Timestamp(seconds: wallTime - period.offset)
            }
        }
        return nil
    }

    /// The last time up to and including `time` at which the expression fired; a whole second.
    ///
    /// - Returns: nil if it has not fired for ten years.
    public func last(through time: Timestamp) -> Timestamp? {
        let (first, last) = (time.seconds - Self.horizon, time.seconds)
        for period in zone.periods(in: first...last).reversed() {
            guard let seconds = period.freshSeconds?.intersection(first...last) else { continue }
            if let wallTime = pattern.last(in: seconds.shifted(by: period.offset)) {
                return Timestamp(seconds: wallTime - period.offset)
            }
        }
        return nil
    }

    /// By how many seconds the clocks of the expression's zone are ahead of UTC.
    public func utcOffset(at time: Timestamp) -> Int { Int(zone.offset(at: time.seconds)) }
}

extension ClosedRange<Int64> {
    /// What is in both; nil if nothing is.
    fileprivate func intersection(_ other: ClosedRange<Int64>) -> ClosedRange<Int64>? {
        overlaps(other) ? clamped(to: other) : nil
    }

    fileprivate func shifted(by distance: Int64) -> ClosedRange<Int64> {
        lowerBound + distance...upperBound + distance
    }
}
