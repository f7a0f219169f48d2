import FunctionGraph

extension Timestamp {
    /// `2025-03-17T10:45:01+01:00`: the local time of a zone that is so many seconds east of UTC.
    func rfc3339(secondsEast offset: Int) -> String {
        let minutes = offset.magnitude / 60
        let zone = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return advanced(byMilliseconds: Int64(offset) * 1_000).unzoned + (offset < 0 ? "-" : "+") + zone
    }

    /// `Mon Mar 17 2025 09:45:01 GMT+0000 (UTC)`: how JavaScript writes a date.
    var javaScriptDate: String {
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let weekday = Self.weekdays[Int(((days + (rest < 0 ? -1 : 0)) % 7 + 7) % 7)]
        let date = compactDate
        let month = Self.months[(Int(date.dropFirst(4).prefix(2)) ?? 1) - 1]
        return "\(weekday) \(month) \(date.suffix(2)) \(date.prefix(4)) \(unzoned.suffix(8)) GMT+0000 (UTC)"
    }

    /// From the first day of 1970 on.
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
