/// Finds the end of a run of plain characters in a string: eight bytes at a time, because strings of tens of
/// megabytes (code in Base64) are usual here.
enum StringRun {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The first position from `start` on of a quote, a backslash or a control character, and of a byte
    /// beyond ASCII if `stopsBeyondASCII`; the buffer's count if there is none.
    @inline(__always)
    static func end(in bytes: UnsafeRawBufferPointer, from start: Int, stopsBeyondASCII: Bool) -> Int {
        var position = start
        while position + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            // Each term sets the high bit of the bytes looked for. A borrow can set it in later bytes too,
            // so only the lowest one counts.
            let quotes = zeroBytes(word ^ (ones &* UInt64(ASCII.quote)))
            let backslashes = zeroBytes(word ^ (ones &* UInt64(ASCII.backslash)))
            let controls = (word &- ones &* 0x20) & ~word & highs
            var found = quotes | backslashes | controls
            if stopsBeyondASCII { found |= word & highs }
            if found != 0 { return position + found.trailingZeroBitCount / 8 }
            position += 8
        }
        while position < bytes.count {
            let byte = bytes[position]
            if byte == ASCII.quote || byte == ASCII.backslash || byte < 0x20
                || (stopsBeyondASCII && byte >= 0x80)
            {
                break
            }
            position += 1
        }
        return position
    }

    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highs }
}
