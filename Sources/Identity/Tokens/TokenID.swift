/// What a client holds as its token: 128 random bits, as 32 hexadecimal digits.
public struct TokenID: Hashable, Sendable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// A new one, which nobody can guess.
    public init() {
        var generator = SystemRandomNumberGenerator()
        high = generator.next()
        low = generator.next()
    }

    /// Reads what a client presents.
    ///
    /// - Returns: nil for what this server cannot have given out.
    public init?(_ text: String) {
        let digits = text.utf8
        guard digits.count == 32 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        for digit in digits {
            guard let value = Hexadecimal.value(digit) else { return nil }
            words.0 = words.0 << 4 | words.1 >> 60
            words.1 = words.1 << 4 | UInt64(value)
        }
        (high, low) = words
    }

    /// The 32 digits.
    public var description: String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
