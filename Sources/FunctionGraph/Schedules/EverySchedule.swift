/// A timer's schedule in the form `@every <duration>`, such as `@every 1.5h`.
///
/// As in robfig/cron, whose syntax the user manual has, the duration is cut to whole seconds, is at least one, and
/// is counted from the activation rather than from the clock's full hours. `CRON_TZ=<zone>` may stand before it;
/// it only has an effect on how times are written.
public struct EverySchedule: Hashable, Sendable, CustomStringConvertible {
    private static let keyword = "@every"

    /// The schedule as it was given.
    public let description: String
    /// The zone in whose time its fires are written.
    let zone: ZoneOffsets
    private let interval: FixedInterval

    /// The number of seconds between two fires.
    public var seconds: Int { Int(interval.seconds) }

    /// Reads `@every` and a duration of the Go language: numbers with units, without a sign.
    ///
    /// - Throws: `FGSError` `.invalidTimerTrigger` for anything else, and for more than 292 years.
    public init(_ text: String) throws(FGSError) {
        do throws(ScheduleFault) {
            try self.init(ZonedText(text))
        } catch {
            throw error.refusal(of: text, as: "schedule", with: .invalidTimerTrigger)
        }
    }

    init(_ text: ZonedText) throws(ScheduleFault) {
        guard let keyword = text.schedule.split(whereSeparator: { $0.isWhitespace }).first,
            keyword == Self.keyword
        else {
            throw ScheduleFault("it must begin with '\(Self.keyword) '")
        }
        let duration = try GoDuration(text.schedule[keyword.endIndex...].trimmingBlanks())
        description = text.original
        zone = text.zone
        interval = FixedInterval(seconds: max(1, duration.nanoseconds / 1_000_000_000))
    }

    /// Whether a text wants to be of this form, right or wrong.
    static func isForm(of text: ZonedText) -> Bool { text.schedule.hasPrefix(keyword) }

    /// The first fire after `time` of a timer that was activated at `activation`; the very first comes one
    /// interval after that. A whole second.
    ///
    /// - Returns: nil if that is not before the year 10000.
    public func next(after time: Timestamp, activatedAt activation: Timestamp) -> Timestamp? {
        interval.next(after: time, activatedAt: activation)
    }
}
