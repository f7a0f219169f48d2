/// One field of a cron expression: what may stand in it and how it is read.
///
/// The grammar is the user manual's, which is the one of the Go library robfig/cron; what the manual leaves open
/// follows that library. A field is a list of members separated by commas, and a member is `*` or `?`, a value,
/// or a range `a-b`, each with an optional step `/n`. `a/n` goes on from a to the field's maximum.
struct CronField: Sendable {
    /// What the field is called in errors.
    let name: String
    /// The values it can have.
    let range: ClosedRange<Int>
    /// Words for values, the first for the smallest one; in lower case.
    let words: [String]
    /// Whether `?` may stand for `*`.
    let takesQuestionMark: Bool

    private init(
        _ name: String,
        _ range: ClosedRange<Int>,
        words: [String] = [],
        takesQuestionMark: Bool = false
    ) {
        self.name = name
        self.range = range
        self.words = words
        self.takesQuestionMark = takesQuestionMark
    }

    static let second = CronField("second", 0...59)
    static let minute = CronField("minute", 0...59)
    static let hour = CronField("hour", 0...23)
    static let dayOfMonth = CronField("day of month", 1...31, takesQuestionMark: true)
    static let month = CronField(
        "month",
        1...12,
        words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    )
    static let dayOfWeek = CronField(
        "day of week",
        0...6,
        words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
        takesQuestionMark: true
    )

    /// Reads the field.
    ///
    /// - Throws: `ScheduleFault` that names the field and the member that is wrong.
    func values(of text: some StringProtocol) throws(ScheduleFault) -> CronValues {
        var values = CronValues(bits: 0)
        for member in text.split(separator: ",", omittingEmptySubsequences: false) {
            values.formUnion(try self.member(String(member)))
        }
        return values
    }

    private func member(_ text: String) throws(ScheduleFault) -> CronValues {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let step = parts.count == 2 ? try self.step(parts[1], in: text) : nil
        guard let base = parts.first, !base.isEmpty else {
            throw fault(text, "is empty: a field needs a value")
        }
        if base == "*" || base == "?" {
            guard base == "*" || takesQuestionMark else {
                throw fault(text, "is not possible: '?' can only be a day of month or a day of week")
            }
            // A step above 1 restricts: `*/2` in a day field is no wildcard.
            return CronValues(range, step: step ?? 1, isWildcard: step ?? 1 == 1)
        }
        let bounds = base.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let lower = try value(bounds[0], in: text)
        let upper =
            if bounds.count == 2 {
                try value(bounds[1], in: text)
            } else {
                step == nil ? lower : range.upperBound
            }
        guard lower <= upper else {
            throw fault(text, "is not possible: a range must not end before it begins")
        }
        return CronValues(lower...upper, step: step ?? 1)
    }

    private func value(_ text: Substring, in member: String) throws(ScheduleFault) -> Int {
        if let position = words.firstIndex(of: text.lowercased()) { return range.lowerBound + position }
        guard let value = Self.number(text) else {
            throw fault(
                member,
                "cannot be read: it must be \(expectation), a range a-b, '*' or one of them with /step"
            )
        }
        guard range.contains(value) else { throw fault(member, "is out of range: it must be \(expectation)") }
        return value
    }

    /// A step beyond the field's maximum is possible and leaves the first value only.
    private func step(_ text: Substring, in member: String) throws(ScheduleFault) -> Int {
        guard let step = Self.number(text), step > 0 else {
            throw fault(member, "has a step that is not possible: it must be a whole number from 1 on")
        }
        return step
    }

    private var expectation: String {
        let numbers = "\(range.lowerBound) to \(range.upperBound)"
        guard let first = words.first, let last = words.last else { return numbers }
        return "\(numbers) or \(first.uppercased()) to \(last.uppercased())"
    }

    private func fault(_ member: String, _ reason: String) -> ScheduleFault {
        ScheduleFault("the \(name) '\(member.prefix(40))' \(reason)")
    }

    /// At most five digits: more is out of every range, and cannot overflow here.
    private static func number(_ text: Substring) -> Int? {
        guard 1...5 ~= text.utf8.count, text.unicodeScalars.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int(text)
    }
}
