/// The values that one field of a cron expression allows: numbers from 0 to 63, one bit each, so that the
/// nearest one is found by counting zeros.
struct CronValues: Hashable, Sendable {
    /// Bit n stands for the value n.
    private(set) var bits: UInt64
    /// Whether the field says that any value will do (`*`, `?`), rather than listing all of them.
    private(set) var isWildcard: Bool

    init(bits: UInt64, isWildcard: Bool = false) {
        self.bits = bits
        self.isWildcard = isWildcard
    }

    /// Every `step`th value of a range, from its lower bound on.
    init(_ range: ClosedRange<Int>, step: Int = 1, isWildcard: Bool = false) {
        bits = stride(from: range.lowerBound, through: range.upperBound, by: step).reduce(0) { $0 | 1 << $1 }
        self.isWildcard = isWildcard
    }

    mutating func formUnion(_ other: CronValues) {
        bits |= other.bits
        isWildcard = isWildcard || other.isWildcard
    }

    func contains(_ value: Int) -> Bool { bits >> value & 1 == 1 }

    /// The smallest value that is at least `lowest`.
    func first(from lowest: Int = 0) -> Int? {
        let rest = bits >> lowest
        return rest == 0 ? nil : lowest + rest.trailingZeroBitCount
    }

    /// The largest value that is at most `highest`; nil for a negative `highest`.
    func last(through highest: Int = 63) -> Int? {
        let rest = bits << (63 - highest)
        return rest == 0 ? nil : highest - rest.leadingZeroBitCount
    }
}
