import Glibc

/// Decodes strings that hold escapes.
enum JSONEscapes {
    /// Decodes the text between two quotes, whose escapes and UTF-8 have been checked.
    ///
    /// - Parameter offset: where the text stands, for errors.
    /// - Throws: `JSONError` for half of a surrogate pair.
    static func decode(_ text: UnsafeRawBufferPointer, at offset: Int) throws(JSONError) -> String {
        // No escape is shorter than what it stands for.
        let decoded = UnsafeMutableRawBufferPointer.allocate(byteCount: text.count, alignment: 1)
        defer { decoded.deallocate() }
        guard let source = text.baseAddress, let target = decoded.baseAddress else { return "" }
        var position = 0
        var count = 0
        while position < text.count {
            let end =
                memchr(source + position, Int32(ASCII.backslash), text.count - position)
                .map { UnsafeRawPointer($0) - source }
                ?? text.count
            memcpy(target + count, source + position, end - position)
            count += end - position
            position = end
            if position < text.count {
                let scalar = try scalar(text, &position, offset)
                for unit in UTF8.encode(scalar).unsafelyUnwrapped {
                    decoded[count] = unit
                    count += 1
                }
            }
        }
        return String(decoding: UnsafeRawBufferPointer(rebasing: decoded[..<count]), as: UTF8.self)
    }

    /// What the escape at `position` stands for; moves behind it.
    private static func scalar(
        _ text: UnsafeRawBufferPointer,
        _ position: inout Int,
        _ offset: Int
    ) throws(JSONError) -> Unicode.Scalar {
        let start = position
        let letter = text[position + 1]
        position += 2
        switch letter {
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: return Unicode.Scalar(letter)
        }
        let unit = codeUnit(text, &position)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, position + 6 <= text.count, text[position] == ASCII.backslash,
            text[position + 1] == UInt8(ascii: "u")
        else { throw JSONError(.loneSurrogate, at: offset + start) }
        position += 2
        let low = codeUnit(text, &position)
        guard 0xDC00..<0xE000 ~= low,
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw JSONError(.loneSurrogate, at: offset + start) }
        return scalar
    }

    private static func codeUnit(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            unit = unit << 4 | (ASCII.hexValue(text[position]) ?? 0)
            position += 1
        }
        return unit
    }
}
