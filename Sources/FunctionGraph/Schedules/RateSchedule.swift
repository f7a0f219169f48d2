/// A timer's schedule of the type `Rate`: a whole number of minutes, hours or days, such as `3m`.
public struct RateSchedule: Hashable, Sendable, CustomStringConvertible {
    /// The units: how long each is in seconds, and how many of them there may be (API reference, TIMER).
    private static let units: KeyValuePairs<Character, (seconds: Int64, range: ClosedRange<Int64>)> = [
        "m": (60, 1...60), "h": (3_600, 1...24), "d": (86_400, 1...30),
    ]

    /// The schedule as it was given.
    public let description: String
    private let interval: FixedInterval

    /// The number of seconds between two fires.
    public var seconds: Int { Int(interval.seconds) }

    /// Reads a rate.
    ///
    /// - Throws: `FGSError` `.invalidTimerTrigger` unless it is `1m` to `60m`, `1h` to `24h` or `1d` to `30d`.
    public init(_ text: String) throws(FGSError) {
        let number = text.dropLast()
        guard let (_, unit) = Self.units.first(where: { $0.key == text.last }),
            1...2 ~= number.utf8.count, number.unicodeScalars.allSatisfy(\.isASCIIDigit),
            let count = Int64(number), unit.range.contains(count)
        else {
            throw ScheduleFault("a rate must be 1m to 60m, 1h to 24h or 1d to 30d")
                .refusal(of: text, as: "schedule", with: .invalidTimerTrigger)
        }
        description = text
        interval = FixedInterval(seconds: count * unit.seconds)
    }

    /// The first fire after `time` of a timer that was activated at `activation`; the very first comes one
    /// interval after that. A whole second.
    ///
    /// - Returns: nil if that is not before the year 10000.
    public func next(after time: Timestamp, activatedAt activation: Timestamp) -> Timestamp? {
        interval.next(after: time, activatedAt: activation)
    }
}
