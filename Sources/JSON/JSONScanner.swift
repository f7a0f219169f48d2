import JSONText

/// The tokens of JSON's grammar over a buffer. Each function checks one token at `position` and moves behind
/// it.
struct JSONScanner {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The byte at `position`; nil at the end.
    @inline(__always)
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// A fault at `position`, or the end of the text if that is what it is.
    func fault(_ reason: JSONError.Reason) -> JSONError {
        JSONError(position < bytes.count ? reason : .unexpectedEnd, at: position)
    }

    @inline(__always)
    mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case ASCII.blank, ASCII.lineFeed, ASCII.carriageReturn, ASCII.tab: position += 1
            default: return
            }
        }
    }

    /// `true`, `false` or `null`.
    @inline(__always)
    mutating func skipWord(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard next == word.utf8Start[index] else { throw fault(.expectedValue) }
            position += 1
        }
    }

    /// A number.
    ///
    /// - Returns: whether it has neither fraction nor exponent.
    @inline(__always)
    mutating func skipNumber() throws(JSONError) -> Bool {
        var isInteger = true
        if next == ASCII.minus { position += 1 }
        if next == ASCII.zero {
            position += 1
            if let digit = next, ASCII.zero...ASCII.nine ~= digit { throw fault(.invalidNumber) }
        } else {
            try skipDigits()
        }
        if next == ASCII.period {
            isInteger = false
            position += 1
            try skipDigits()
        }
        if let exponent = next, exponent | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if next == ASCII.plus || next == ASCII.minus { position += 1 }
            try skipDigits()
        }
        return isInteger
    }

    @inline(__always)
    private mutating func skipDigits() throws(JSONError) {
        let start = position
        while let byte = next, ASCII.zero...ASCII.nine ~= byte { position += 1 }
        if position == start { throw fault(.invalidNumber) }
    }

    /// A string, from its first quote to behind its last. Checks escapes and UTF-8, but not whether surrogates
    /// come in pairs: the grammar does not ask for that.
    ///
    /// - Returns: whether it holds escapes.
    @inline(__always)
    mutating func skipString() throws(JSONError) -> Bool {
        var hasEscapes = false
        position += 1
        while true {
            position = StringRun.end(in: bytes, from: position, at: .beyondASCII)
            guard let byte = next else { throw fault(.unexpectedEnd) }
            switch byte {
            case ASCII.quote:
                position += 1
                return hasEscapes
            case ASCII.backslash:
                hasEscapes = true
                try skipEscape()
            case 0x80...:
                try skipCharactersBeyondASCII()
            default:
                throw fault(.controlCharacter)
            }
        }
    }

    private mutating func skipEscape() throws(JSONError) {
        let start = position
        position += 1
        guard let letter = next else { throw fault(.unexpectedEnd) }
        position += 1
        switch letter {
        case ASCII.quote, ASCII.backslash, ASCII.slash, UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"):
            for _ in 0..<4 {
                guard let digit = next else { throw fault(.unexpectedEnd) }
                guard ASCII.hexValue(digit) != nil else { throw JSONError(.invalidEscape, at: start) }
                position += 1
            }
        default:
            throw JSONError(.invalidEscape, at: start)
        }
    }

    /// A run of characters of two to four bytes (RFC 3629, section 4): no overlong forms, no surrogates,
    /// nothing beyond U+10FFFF.
    private mutating func skipCharactersBeyondASCII() throws(JSONError) {
        while position < bytes.count {
            let first = bytes[position]
            if first < 0x80 { return }
            let length: Int
            var second: ClosedRange<UInt8> = 0x80...0xBF
            switch first {
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            case 0xF1...0xF3: length = 4
            default: throw JSONError(.invalidUTF8, at: position)
            }
            guard position + length <= bytes.count, second.contains(bytes[position + 1]) else {
                throw JSONError(.invalidUTF8, at: position)
            }
            for offset in 2..<max(length, 2) where bytes[position + offset] & 0xC0 != 0x80 {
                throw JSONError(.invalidUTF8, at: position)
            }
            position += length
        }
    }
}
