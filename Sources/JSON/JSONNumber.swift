/// A number, kept so that writing it again gives the same text.
///
/// An integer that fits is an `Int64`; everything else (`1.10`, `1e400`, `-0`, forty digits) keeps its text.
/// Two numbers are equal when their texts are.
public struct JSONNumber: Hashable, Sendable, CustomStringConvertible {
    private enum Storage: Hashable {
        case integer(Int64)
        case text(String)
    }

    private let storage: Storage

    /// An integer.
    public init(_ integer: some BinaryInteger) {
        if let small = Int64(exactly: integer) {
            storage = .integer(small)
        } else {
            storage = .text(String(integer))
        }
    }

    /// A number with a fraction, in the shortest text that reads back as the same number.
    ///
    /// - Returns: nil for infinities and for what is not a number: JSON cannot express them.
    public init?(_ number: Double) {
        guard number.isFinite else { return nil }
        if let integer = Int64(exactly: number), number.magnitude < 1e15 {
            storage = .integer(integer)
        } else {
            storage = .text(number.description)
        }
    }

    /// A number in the grammar of RFC 8259; the caller has checked that.
    init(checked text: UnsafeRawBufferPointer, isInteger: Bool) {
        if isInteger, let integer = Self.integer(text) {
            storage = .integer(integer)
        } else {
            storage = .text(String(decoding: text, as: UTF8.self))
        }
    }

    /// The number, if it is written as an integer (no fraction, no exponent) and fits.
    public var integer: Int? {
        guard case .integer(let value) = storage else { return nil }
        return Int(value)
    }

    /// The number as nearly as a `Double` can hold it; infinite if it is too large.
    public var double: Double {
        switch storage {
        case .integer(let value): Double(value)
        case .text(let text): Double(text) ?? .infinity
        }
    }

    /// The number as it was written.
    public var description: String {
        switch storage {
        case .integer(let value): String(value)
        case .text(let text): text
        }
    }

    /// nil for what an `Int64` cannot hold, and for minus zero.
    private static func integer(_ text: UnsafeRawBufferPointer) -> Int64? {
        let isNegative = text.first == ASCII.minus
        var value: Int64 = 0
        for byte in text.dropFirst(isNegative ? 1 : 0) {
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte &- ASCII.zero)
            let (next, overflowAgain) =
                isNegative
                ? tenfold.subtractingReportingOverflow(digit) : tenfold.addingReportingOverflow(digit)
            if overflow || overflowAgain { return nil }
            value = next
        }
        return isNegative && value == 0 ? nil : value
    }
}
