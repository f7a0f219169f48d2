/// Percent-decoding of parts of a request target. The parser has refused broken escapes already.
enum PercentEncoding {
    /// Decodes `%XX`, and `+` as a blank where that is asked for. Bytes that are no UTF-8 become U+FFFD.
    static func decode(_ bytes: ArraySlice<UInt8>, plusIsBlank: Bool = false) -> String {
        let percent = UInt8(ascii: "%")
        let plus = UInt8(ascii: "+")
        guard bytes.contains(where: { $0 == percent || (plusIsBlank && $0 == plus) }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == percent, index + 2 < bytes.endIndex,
                let high = ASCII.hexValue(bytes[index + 1]), let low = ASCII.hexValue(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(plusIsBlank && byte == plus ? ASCII.blank : byte)
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// Whether every `%` begins a whole escape, and none of them hides a NUL.
    static func isWellFormed(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        var rest = range
        while let percent = ASCII.position(of: UInt8(ascii: "%"), in: bytes, rest) {
            guard percent + 2 < rest.upperBound,
                let high = ASCII.hexValue(bytes[percent + 1]), let low = ASCII.hexValue(bytes[percent + 2]),
                high | low != 0
            else { return false }
            rest = (percent + 3)..<rest.upperBound
        }
        return true
    }
}
