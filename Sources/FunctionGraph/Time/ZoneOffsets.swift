import Foundation

/// What the clocks of a time zone show: the periods between their changes, looked up once, so that a schedule is
/// computed without asking for the zone's rules again.
///
/// Changes are known from 1970 to 2100. Before and after, the clocks stay as they were.
struct ZoneOffsets: Sendable {
    /// A time in which the clocks run evenly.
    struct Period: Hashable, Sendable {
        /// Its seconds since the beginning of 1970.
        let seconds: ClosedRange<Int64>
        /// By how many seconds the clocks are ahead of UTC.
        let offset: Int64
        /// For how many seconds from its beginning the clocks show what they have shown in the period before,
        /// because they were put back. Further back need not be looked: periods last for weeks.
        let repeatedSeconds: Int64

        /// The seconds in which the clocks show what they have not shown before; nil if there are none.
        var freshSeconds: ClosedRange<Int64>? {
            let first = seconds.lowerBound + repeatedSeconds
            return first <= seconds.upperBound ? first...seconds.upperBound : nil
        }
    }

    /// Coordinated universal time.
    static let utc = ZoneOffsets(name: "UTC", offset: 0, changes: [])

    /// The zone's name in the time zone database.
    let name: String
    /// All periods, in order; there is at least one.
    private let periods: [Period]

    /// Takes the name of a zone of the time zone database: `Europe/Berlin`, `UTC`.
    ///
    /// - Throws: `ScheduleFault` for a name that is not in it.
    init(_ name: String) throws(ScheduleFault) {
        guard name != Self.utc.name else {
            self = .utc
            return
        }
        guard Self.isDatabaseName(name), let zone = TimeZone(identifier: name) else {
            throw ScheduleFault(
                "the time zone '\(name.prefix(40))' is unknown; it must be a name such as Europe/Berlin or UTC"
            )
        }
        var moment = Date(timeIntervalSince1970: 0)
        let offset = zone.secondsFromGMT(for: moment)
        var changes: [(second: Int64, offset: Int64)] = []
        while let next = zone.nextDaylightSavingTimeTransition(after: moment), next < Self.end {
            changes.append((Int64(next.timeIntervalSince1970), Int64(zone.secondsFromGMT(for: next))))
            moment = next
        }
        self.init(name: name, offset: Int64(offset), changes: changes)
    }

    /// By how many seconds the clocks are ahead of UTC at a second since the beginning of 1970.
    func offset(at second: Int64) -> Int64 { periods[index(at: second)].offset }

    /// The periods that have a second of the range.
    func periods(in range: ClosedRange<Int64>) -> ArraySlice<Period> {
        periods[index(at: range.lowerBound)...index(at: range.upperBound)]
    }

    /// Whether the clocks always show UTC.
    var isUTC: Bool { periods.allSatisfy { $0.offset == 0 } }

    private static let end = Date(timeIntervalSince1970: 4_102_444_800)

    /// - Parameter changes: the seconds at which the clocks change, in order, and how far ahead they are then.
    private init(name: String, offset: Int64, changes: [(second: Int64, offset: Int64)]) {
        self.name = name
        // Far enough away, and not so far that an offset could lead out of the numbers.
        var start = Int64.min / 4
        var (offset, previous) = (offset, offset)
        var periods: [Period] = []
        // The database also has changes of the name only.
        for change in changes where change.offset != offset {
            periods.append(
                Period(
                    seconds: start...change.second - 1,
                    offset: offset,
                    repeatedSeconds: max(0, previous - offset)
                )
            )
            (previous, offset, start) = (offset, change.offset, change.second)
        }
        periods.append(
            Period(seconds: start...Int64.max / 4, offset: offset, repeatedSeconds: max(0, previous - offset))
        )
        self.periods = periods
    }

    /// Where the period stands that has a second.
    private func index(at second: Int64) -> Int {
        var (low, high) = (0, periods.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if periods[middle].seconds.upperBound < second { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Names without a slash that are in the database. Foundation takes others too, such as `IST` and `PST`, that
    /// mean different zones to different people.
    private static let plainNames = Set(
        """
        CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland \
        Iran Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC \
        ROK Singapore Turkey UCT UTC Universal W-SU WET Zulu
        """.split(separator: " ").map(String.init)
    )

    private static func isDatabaseName(_ name: String) -> Bool {
        plainNames.contains(name) || (name.contains("/") && !name.hasPrefix("SystemV/"))
    }
}

extension ZoneOffsets: Hashable {
    /// Whether both are of the same zone.
    static func == (left: ZoneOffsets, right: ZoneOffsets) -> Bool { left.name == right.name }

    /// Mixes in what identifies the zone.
    func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
