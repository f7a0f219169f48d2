/// Finds the end of a run of plain characters in a string: eight bytes at a time, because strings of tens of megabytes
/// (code in Base64) are usual here.
///
/// The server's JSON and the worker's share it, and nothing else: the worker has to stay small.
public enum StringRun {
    /// What ends a run, besides quotes, backslashes and control characters.
    public enum Limit {
        /// Nothing.
        case special
        /// Bytes beyond ASCII.
        case beyondASCII
        /// Bytes beyond ASCII, and 7F: what Python's `json.dumps` does not write as it is.
        case unprintable
    }

    /// The first position from `start` on of a byte that ends the run; `end` if there is none.
    @inlinable
    @inline(__always)
    public static func end(
        from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>, at limit: Limit
    ) -> UnsafePointer<UInt8> {
        var next = start
        while end - next >= 8 {
            let word = UnsafeRawPointer(next).loadUnaligned(as: UInt64.self)
            let found = marks(UInt64(littleEndian: word), limit)
            if found != 0 { return next + found.trailingZeroBitCount / 8 }
            next += 8
        }
        // Letters stand behind the byte in the word.
        while next < end, marks(UInt64(next.pointee) | repeated(0x61) << 8, limit) == 0 { next += 1 }
        return next
    }

    /// The same in a buffer: an index, the buffer's count if there is none.
    @inlinable
    @inline(__always)
    public static func end(in bytes: UnsafeRawBufferPointer, from start: Int, at limit: Limit) -> Int {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return start }
        return end(from: base + start, to: base + bytes.count, at: limit) - base
    }

    /// A word in which the high bit is set of the bytes looked for. A borrow can set it in later bytes too, so only the
    /// lowest one counts.
    @inlinable
    @inline(__always)
    static func marks(_ word: UInt64, _ limit: Limit) -> UInt64 {
        let highs = repeated(0x80)
        var found = zeroBytes(word ^ repeated(0x22)) | zeroBytes(word ^ repeated(0x5C))
        found |= (word &- repeated(0x20)) & ~word & highs
        switch limit {
        case .special: break
        case .beyondASCII: found |= word & highs
        case .unprintable: found |= word & highs | zeroBytes(word ^ repeated(0x7F))
        }
        return found
    }

    @inlinable
    @inline(__always)
    static func zeroBytes(_ word: UInt64) -> UInt64 { (word &- repeated(1)) & ~word & repeated(0x80) }

    @inlinable
    @inline(__always)
    static func repeated(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }
}
