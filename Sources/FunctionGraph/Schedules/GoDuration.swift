/// A duration as the Go language writes it: numbers with units, `1.5h` or `2h30m`. It has no sign, since the time
/// between two fires has none.
public struct GoDuration: Hashable, Sendable {
    /// The units in nanoseconds. The micro sign and the Greek letter are two characters.
    private static let units: [String: UInt128] = [
        "ns": 1, "us": 1_000, "\u{B5}s": 1_000, "\u{3BC}s": 1_000, "ms": 1_000_000, "s": 1_000_000_000,
        "m": 60_000_000_000, "h": 3_600_000_000_000,
    ]
    /// How many digits of a fraction count. The rest is less than a nanosecond even of an hour.
    private static let fractionDigits = 13

    /// The duration; a part of a nanosecond is dropped.
    public let nanoseconds: Int64

    /// The duration of a setting.
    ///
    /// - Throws: `FGSError` `.invalidParameter`.
    public init(_ text: String, setting: String) throws(FGSError) {
        do throws(ScheduleFault) {
            try self.init(Substring(text))
        } catch {
            throw error.refusal(of: text, as: setting, with: .invalidParameter)
        }
    }

    /// - Throws: `ScheduleFault` if it is none, or longer than the 292 years that Go can count.
    init(_ text: Substring) throws(ScheduleFault) {
        var rest = text.unicodeScalars
        var sum: UInt128 = 0
        repeat {
            guard let part = Self.part(&rest) else {
                throw ScheduleFault(
                    "the duration '\(text.prefix(40))' cannot be read: it must be numbers with units (h, m, s, ms, us, "
                        + "ns), such as 30m, 1.5h or 2h30m"
                )
            }
            sum += part
        } while !rest.isEmpty
        guard let nanoseconds = Int64(exactly: sum) else {
            throw ScheduleFault(
                "the duration '\(text.prefix(40))' is too long: it must be less than 292 years"
            )
        }
        self.nanoseconds = nanoseconds
    }

    /// A number and its unit; nil if that is not what comes next.
    private static func part(_ rest: inout Substring.UnicodeScalarView) -> UInt128? {
        let whole = digits(&rest)
        var fraction = Substring.UnicodeScalarView()
        if rest.first == "." {
            rest.removeFirst()
            fraction = digits(&rest).prefix(fractionDigits)
        }
        let name = rest.prefix { !$0.isASCIIDigit && $0 != "." }
        rest = rest[name.endIndex...]
        guard !whole.isEmpty || !fraction.isEmpty, let unit = units[String(name)] else { return nil }
        let scale = fraction.reduce(UInt128(1)) { scale, _ in scale * 10 }
        return number(whole) * unit + number(fraction) * unit / scale
    }

    private static func digits(_ rest: inout Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        let digits = rest.prefix(while: \.isASCIIDigit)
        rest = rest[digits.endIndex...]
        return digits
    }

    /// The value of digits, of which there may be none. More than a word can hold is cut to what is too long in
    /// any unit.
    private static func number(_ digits: Substring.UnicodeScalarView) -> UInt128 {
        digits.isEmpty ? 0 : UInt128(UInt64(String(digits)) ?? .max)
    }
}
