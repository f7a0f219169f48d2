extension Timestamp {
    /// Reads `2025-03-17T09:45:01` with an optional fraction of a second and an optional zone (`Z`, `+08:00`). A
    /// blank may stand for the `T`; without a zone the time is UTC.
    ///
    /// - Returns: nil for anything else, and for days and times that do not exist.
    public init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        guard let year = Self.number(&rest, digits: 4), Self.skip("-", &rest),
            let month = Self.number(&rest, digits: 2), Self.skip("-", &rest),
            let day = Self.number(&rest, digits: 2), Self.skip("T", &rest) || Self.skip(" ", &rest),
            let hour = Self.number(&rest, digits: 2), Self.skip(":", &rest),
            let minute = Self.number(&rest, digits: 2), Self.skip(":", &rest),
            let second = Self.number(&rest, digits: 2)
        else { return nil }
        var millisecond: Int64 = 0
        if Self.skip(".", &rest) {
            let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            guard 1...9 ~= digits.count else { return nil }
            rest.removeFirst(digits.count)
            let thousandths = (Array(digits) + [0x30, 0x30]).prefix(3)
            millisecond = thousandths.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
        guard let offset = Self.offset(&rest), rest.isEmpty, 1...12 ~= month,
            1...CivilDate.dayCount(year: year, month: month) ~= day, hour < 24, minute < 60, second < 60
        else { return nil }
        let days = CivilDate.days(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
        self.init(milliseconds: seconds * 1_000 + millisecond)
    }

    /// Seconds east of UTC; 0 if no zone is given.
    private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        if rest.isEmpty || skip("Z", &rest) { return 0 }
        let sign: Int64 = rest.first == UInt8(ascii: "-") ? -1 : 1
        guard skip("+", &rest) || skip("-", &rest), let hours = number(&rest, digits: 2), hours < 24 else {
            return nil
        }
        _ = skip(":", &rest)
        guard let minutes = number(&rest, digits: 2), minutes < 60 else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, digits: Int) -> Int64? {
        let field = rest.prefix(digits)
        guard field.count == digits, field.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            return nil
        }
        rest.removeFirst(digits)
        return field.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func skip(_ mark: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: mark) else { return false }
        rest.removeFirst()
        return true
    }
}
