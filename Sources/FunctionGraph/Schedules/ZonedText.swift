/// The text of a schedule, and the time zone that it begins with: `CRON_TZ=Europe/Berlin 0 30 8 ? * MON-FRI`.
///
/// The user manual has `CRON_TZ=`; `TZ=` is the older name of it in robfig/cron. Without either the zone is UTC:
/// the manual does not say so, but needs the prefix for Berlin's time.
struct ZonedText {
    /// The text as it was sent.
    let original: String
    /// The time zone.
    let zone: ZoneOffsets
    /// What stands behind the zone, without blanks around it.
    let schedule: Substring

    /// - Throws: `ScheduleFault` if there is no such zone, or nothing but it.
    init(_ text: String) throws(ScheduleFault) {
        original = text
        var rest = text[...].trimmingBlanks()
        if let prefix = ["CRON_TZ=", "TZ="].first(where: rest.hasPrefix) {
            rest.removeFirst(prefix.count)
            let name = rest.prefix { !$0.isWhitespace }
            zone = try ZoneOffsets(String(name))
            rest = rest.dropFirst(name.count).trimmingBlanks()
        } else {
            zone = .utc
        }
        guard !rest.isEmpty else { throw ScheduleFault("there is no schedule in it") }
        schedule = rest
    }
}

extension Substring {
    /// The text without the blanks around it.
    func trimmingBlanks() -> Substring {
        var rest = drop { $0.isWhitespace }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
