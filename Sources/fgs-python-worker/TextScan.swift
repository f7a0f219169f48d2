/// Finds what is special in the text of a JSON string, eight bytes at a time.
enum TextScan {
    /// Where a run of bytes ends that stand for themselves in JSON: at a quotation mark, a backslash, a control
    /// character, or at `end`.
    @inline(__always)
    static func plainEnd(from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>) -> UnsafePointer<
        UInt8
    > {
        scan(start, end) { word in
            hasZero(word ^ repeated(0x22)) | hasZero(word ^ repeated(0x5C)) | hasLess(word, than: 0x20)
        }
    }

    /// Where a run of bytes ends that stand for themselves in JSON of ASCII only, as far as `json.dumps` writes them
    /// so: also at 7F and at bytes of other characters.
    @inline(__always)
    static func printableEnd(from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>) -> UnsafePointer<
        UInt8
    > {
        scan(start, end) { word in
            hasZero(word ^ repeated(0x22)) | hasZero(word ^ repeated(0x5C)) | hasLess(word, than: 0x20)
                | hasZero(word ^ repeated(0x7F)) | word & repeated(0x80)
        }
    }

    /// The first byte for which `isSpecial` sets the highest bit. It may set others, but behind that one only.
    @inline(__always)
    private static func scan(
        _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ isSpecial: (UInt64) -> UInt64
    ) -> UnsafePointer<UInt8> {
        var next = start
        while end - next >= 8 {
            let found = isSpecial(UnsafeRawPointer(next).loadUnaligned(as: UInt64.self).littleEndian)
            if found != 0 { return next + found.trailingZeroBitCount / 8 }
            next += 8
        }
        while next < end, isSpecial(UInt64(next.pointee) | repeated(0x61) << 8) == 0 { next += 1 }
        return next
    }

    @inline(__always)
    private static func repeated(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    // Subtracting borrows from the bytes behind only; the lowest bit that is set is right.

    @inline(__always)
    private static func hasZero(_ word: UInt64) -> UInt64 { (word &- repeated(1)) & ~word & repeated(0x80) }

    @inline(__always)
    private static func hasLess(_ word: UInt64, than limit: UInt8) -> UInt64 {
        (word &- repeated(limit)) & ~word & repeated(0x80)
    }
}
