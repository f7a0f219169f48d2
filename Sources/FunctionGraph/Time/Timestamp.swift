/// A moment, in milliseconds, with the formats that the API reference uses for different fields. Everything is
/// UTC, unless an offset is given.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the beginning of 1970.
    public let milliseconds: Int64

    /// A moment by milliseconds since the beginning of 1970.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// A moment by seconds since the beginning of 1970.
    public init(seconds: Int64) {
        self.init(milliseconds: seconds * 1_000)
    }

    /// Whole seconds since the beginning of 1970; a part of one is dropped.
    public var seconds: Int64 { (milliseconds - millisecond) / 1_000 }

    /// The last second that the formats can express: they have four digits for the year.
    static let lastWritable = Timestamp(seconds: 253_402_300_799)

    /// `2025-03-17T09:45:01+00:00`: functions, aliases, triggers.
    public var rfc3339: String { rfc3339(utcOffset: 0) }

    /// `2025-03-17T11:45:01+02:00`: events of timers, in the time of a zone.
    ///
    /// - Parameter seconds: by how many seconds the zone's clocks are ahead of UTC. RFC 3339 knows whole minutes
    ///   only; seconds beyond them, as zones had them until 1972, are left out of the offset and of the time, so
    ///   that the text still means this moment.
    public func rfc3339(utcOffset seconds: Int) -> String {
        let minutes = Int64(seconds / 60)
        let local = advanced(byMilliseconds: minutes * 60_000)
        let offset = [minutes.magnitude / 60, minutes.magnitude % 60].map { Self.padded(Int64($0), 2) }
        return "\(local.date)T\(local.time)\(minutes < 0 ? "-" : "+")\(offset.joined(separator: ":"))"
    }

    /// `2025-03-17T09:45:01.250+00:00`: messages to destinations.
    public var rfc3339Milliseconds: String { "\(date)T\(time).\(Self.padded(millisecond, 3))+00:00" }

    /// `2025-03-17T09:45:01.250000000+00:00`: messages to the destinations of asynchronous invocations.
    public var rfc3339Nanoseconds: String { "\(date)T\(time).\(Self.padded(millisecond, 3))000000+00:00" }

    /// `2025/03/17`: names of objects.
    public var slashedDate: String { date.split(separator: "-").joined(separator: "/") }

    /// `2025-03-17T09:45:01Z`: log lines.
    public var zulu: String { "\(date)T\(time)Z" }

    /// `2025-03-17T09:45:01`: asynchronous invocations.
    public var unzoned: String { "\(date)T\(time)" }

    /// `2025-03-17 09:45:01`: asynchronous configurations.
    public var spaced: String { "\(date) \(time)" }

    /// `2025-03`: monthly statistics.
    public var month: String { String(date.prefix(7)) }

    /// `20250317`, in names of versions.
    public var compactDate: String { date.filter { $0 != "-" } }

    /// `094501`, in names of versions.
    public var compactTime: String { time.filter { $0 != ":" } }

    /// `250317094501`, in names of images.
    public var imageStamp: String { compactDate.dropFirst(2) + compactTime }

    /// `2025-03-17T09:45:01.250Z`: the emulator's own log.
    public var utcMilliseconds: String { "\(date)T\(time).\(Self.padded(millisecond, 3))Z" }

    /// `2025-03-17T09:45:01.250000Z`: Keystone's tokens.
    public var utcMicroseconds: String { "\(date)T\(time).\(Self.padded(millisecond, 3))000Z" }

    /// The moment so many milliseconds later.
    public func advanced(byMilliseconds distance: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds + distance)
    }

    /// The beginning of this month or, counted back from it, of an earlier one.
    public func startOfMonth(monthsAgo count: Int) -> Timestamp {
        let (year, month, _) = CivilDate.from(days: (seconds - secondOfDay) / 86_400)
        let months = year * 12 + month - 1 - Int64(count)
        return Timestamp(seconds: CivilDate.days(year: months / 12, month: months % 12 + 1, day: 1) * 86_400)
    }

    /// The order of time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    private var millisecond: Int64 { ((milliseconds % 1_000) + 1_000) % 1_000 }

    private var date: String {
        let (year, month, day) = CivilDate.from(days: (seconds - secondOfDay) / 86_400)
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    }

    private var secondOfDay: Int64 { ((seconds % 86_400) + 86_400) % 86_400 }

    private var time: String {
        let second = secondOfDay
        return [second / 3_600, second / 60 % 60, second % 60].map { Self.padded($0, 2) }.joined(
            separator: ":"
        )
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
