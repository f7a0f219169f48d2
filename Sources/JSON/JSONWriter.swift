import JSONText

/// Writes values as UTF-8 text without blanks. Only what must be escaped is: quotes, backslashes and control
/// characters.
public struct JSONWriter {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    /// Nothing written yet.
    public init() {}

    /// Writes a value behind what is there.
    public mutating func write(_ value: JSONValue) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
        case .number(let number): bytes.append(contentsOf: number.description.utf8)
        case .string(let text): write(text)
        case .array(let members):
            bytes.append(ASCII.openBracket)
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(ASCII.comma) }
                write(member)
            }
            bytes.append(ASCII.closeBracket)
        case .object(let members): write(members)
        }
    }

    /// Writes an object behind what is there.
    public mutating func write(_ object: JSONObject) {
        bytes.append(ASCII.openBrace)
        for (index, (key, value)) in object.enumerated() {
            if index > 0 { bytes.append(ASCII.comma) }
            write(key)
            bytes.append(ASCII.colon)
            write(value)
        }
        bytes.append(ASCII.closeBrace)
    }

    /// Writes a string, in its quotes, behind what is there.
    public mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { text in
            let text = UnsafeRawBufferPointer(text)
            bytes.append(ASCII.quote)
            var position = 0
            while true {
                let end = StringRun.end(in: text, from: position, at: .special)
                bytes.append(contentsOf: text[position..<end])
                guard end < text.count else { break }
                bytes.append(contentsOf: Self.escapes[Int(text[end])])
                position = end + 1
            }
            bytes.append(ASCII.quote)
        }
    }

    /// How the characters up to the backslash are written that cannot stand for themselves.
    private static let escapes: [[UInt8]] = {
        var escapes = (0...ASCII.backslash).map { byte in
            let hex = String(byte, radix: 16)
            return Array("\\u\(String(repeating: "0", count: 4 - hex.count))\(hex)".utf8)
        }
        for (byte, letter) in zip([0x08, 0x09, 0x0A, 0x0C, 0x0D, 0x22, 0x5C], "btnfr\"\\".utf8) {
            escapes[byte] = [ASCII.backslash, letter]
        }
        return escapes
    }()
}
