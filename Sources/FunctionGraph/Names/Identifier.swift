/// A UUID: what functions, triggers, events, dependencies and requests are told apart by.
public struct Identifier: Hashable, Sendable, CustomStringConvertible {
    /// The 36 characters of it.
    public let description: String

    /// A random UUID (version 4) of 122 of the bits given.
    public init(random high: UInt64, _ low: UInt64) {
        let high = high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for position in 0..<32 {
            if [8, 12, 16, 20].contains(position) { text.append(UInt8(ascii: "-")) }
            let word = position < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - position % 16 * 4)) & 0xF
            text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
        description = String(decoding: text, as: UTF8.self)
    }

    /// Takes an identifier that was made before.
    ///
    /// - Returns: nil for an empty one.
    public init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        description = text
    }
}
