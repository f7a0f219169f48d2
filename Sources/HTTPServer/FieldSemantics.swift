/// The header lines that decide how a message is framed and what becomes of the connection.
///
/// Everything that could make this server and a proxy in front of it see different messages is refused:
/// two lengths, a length beside a transfer coding, a coding that is not exactly `chunked`.
struct FieldSemantics {
    private var length: Int?
    private var isChunked = false
    private var hosts = 0

    private var closes = false
    private var keepsAlive = false
    private var expectsContinue = false

    mutating func note(_ field: Request.Field, in bytes: UnsafeRawBufferPointer) throws(ProtocolError) {
        let name = bytes[Int(field.nameStart)..<Int(field.nameEnd)]
        let value = bytes[Int(field.valueStart)..<Int(field.valueEnd)]
        switch name.count {
        case 4 where Self.equal(name, "host"):
            hosts += 1
        case 6 where Self.equal(name, "expect"):
            guard Self.equal(value, "100-continue") else {
                throw ProtocolError(.expectationFailed, "the only expectation known is 100-continue")
            }
            expectsContinue = true
        case 10 where Self.equal(name, "connection"):
            for option in value.split(separator: UInt8(ascii: ",")) {
                let trimmed = option.drop { $0 == ASCII.blank || $0 == ASCII.tab }
                if Self.hasPrefix(trimmed, "close") { closes = true }
                if Self.hasPrefix(trimmed, "keep-alive") { keepsAlive = true }
            }
        case 14 where Self.equal(name, "content-length"):
            let parsed = try Self.parseLength(value)
            guard length == nil || length == parsed else { throw .malformed("two different Content-Length") }
            length = parsed
        case 17 where Self.equal(name, "transfer-encoding"):
            guard !isChunked, Self.equal(value, "chunked") else {
                throw ProtocolError(.notImplemented, "the only transfer coding known is a single chunked")
            }
            isChunked = true
        default:
            break
        }
    }

    /// Applies what was noted, once the head is complete.
    func settle(_ head: inout RequestHead) throws(ProtocolError) {
        let isHTTP10 = !head.keepsAlive
        guard hosts == 1 || (isHTTP10 && hosts == 0) else {
            throw .malformed(hosts == 0 ? "the Host header is missing" : "more than one Host header")
        }
        if isChunked {
            guard length == nil else { throw .malformed("both Content-Length and Transfer-Encoding") }
            guard !isHTTP10 else { throw .malformed("HTTP/1.0 has no Transfer-Encoding") }
            head.framing = .chunked
        } else {
            head.framing = .length(length ?? 0)
        }
        head.keepsAlive = isHTTP10 ? keepsAlive && !closes : !closes
        head.expectsContinue = expectsContinue && !isHTTP10
    }

    private static func parseLength(_ value: Slice<UnsafeRawBufferPointer>) throws(ProtocolError) -> Int {
        guard !value.isEmpty, value.count <= 18, value.allSatisfy(ASCII.isDigit) else {
            throw .malformed("Content-Length is not a number")
        }
        return value.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    private static func equal(_ bytes: Slice<UnsafeRawBufferPointer>, _ text: StaticString) -> Bool {
        bytes.count == text.utf8CodeUnitCount && hasPrefix(bytes, text)
    }

    private static func hasPrefix(_ bytes: Slice<UnsafeRawBufferPointer>, _ text: StaticString) -> Bool {
        guard bytes.count >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for index in 0..<expected.count
            where ASCII.lowercased(bytes[bytes.startIndex + index]) != expected[index] {
                return false
            }
            return true
        }
    }
}
