import Glibc
import HTTPTypes

/// Parses request heads. Strict where leniency would let two parties disagree about where a message ends:
/// every line ends in CR LF, no blank before a colon, no folded lines, one length only.
struct HeadParser {
    let limits: Limits

    /// Parses a head from the beginning of `bytes`.
    ///
    /// - Returns: nil while the head is not complete.
    /// - Throws: `ProtocolError` as soon as the head can no longer become a good one.
    func parse(_ bytes: UnsafeRawBufferPointer) throws(ProtocolError) -> RequestHead? {
        // Clients may send empty lines between requests (RFC 9112, section 2.2).
        var start = 0
        while start + 1 < bytes.count, start < 4, bytes[start] == ASCII.carriageReturn,
            bytes[start + 1] == ASCII.lineFeed
        {
            start += 2
        }
        guard let requestLine = try nextLine(bytes, from: start) else { return nil }
        var head = try parseRequestLine(bytes, requestLine)
        head.fields.reserveCapacity(12)
        var semantics = FieldSemantics()
        var position = requestLine.upperBound + 2
        while let line = try nextLine(bytes, from: position) {
            position = line.upperBound + 2
            if line.isEmpty {
                head.byteCount = position
                try semantics.settle(&head)
                return head
            }
            guard head.fields.count < limits.headerCount else {
                throw ProtocolError(
                    .requestHeaderFieldsTooLarge,
                    "more than \(limits.headerCount) header lines"
                )
            }
            let field = try parseField(bytes, line)
            head.fields.append(field)
            try semantics.note(field, in: bytes)
        }
        return nil
    }

    /// The line that begins at `start`, without its CR LF; nil while it is not complete.
    private func nextLine(
        _ bytes: UnsafeRawBufferPointer,
        from start: Int
    ) throws(ProtocolError) -> Range<Int>? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, Int32(ASCII.lineFeed), bytes.count - start)
        else {
            if bytes.count > limits.headBytes { throw tooLarge }
            // A CR that is followed by anything but LF never ends a line.
            return nil
        }
        let end = UnsafeRawPointer(found) - base
        guard end < limits.headBytes else { throw tooLarge }
        guard end > start, bytes[end - 1] == ASCII.carriageReturn else {
            throw .malformed("a line ends without CR LF")
        }
        return start..<(end - 1)
    }

    private var tooLarge: ProtocolError {
        ProtocolError(.requestHeaderFieldsTooLarge, "the header is larger than \(limits.headBytes) bytes")
    }

    private func parseRequestLine(
        _ bytes: UnsafeRawBufferPointer,
        _ line: Range<Int>
    ) throws(ProtocolError) -> RequestHead {
        let text = bytes[line]
        guard let methodEnd = text.firstIndex(of: ASCII.blank), methodEnd > line.lowerBound,
            let targetEnd = text.lastIndex(of: ASCII.blank), targetEnd > methodEnd + 1,
            bytes[line.lowerBound..<methodEnd].allSatisfy(ASCII.isToken)
        else { throw .malformed("the request line is not METHOD TARGET VERSION") }
        let version = bytes[(targetEnd + 1)..<line.upperBound]
        guard version.count == 8, version.starts(with: "HTTP/".utf8),
            ASCII.isDigit(version[version.startIndex + 5]),
            version[version.startIndex + 6] == UInt8(ascii: "."),
            ASCII.isDigit(version[version.startIndex + 7])
        else { throw .malformed("the request line does not end in HTTP/1.1") }
        guard version[version.startIndex + 5] == UInt8(ascii: "1") else {
            throw ProtocolError(.httpVersionNotSupported, "this server speaks HTTP/1.1")
        }
        var head = RequestHead(method: Self.method(bytes[line.lowerBound..<methodEnd]))
        head.keepsAlive = version[version.startIndex + 7] != UInt8(ascii: "0")
        head.target = (methodEnd + 1)..<targetEnd
        guard head.target.count <= limits.targetBytes else {
            throw ProtocolError(.uriTooLong, "the request target is longer than \(limits.targetBytes) bytes")
        }
        try parseTarget(bytes, &head)
        return head
    }

    private func parseTarget(_ bytes: UnsafeRawBufferPointer, _ head: inout RequestHead) throws(ProtocolError)
    {
        let target = bytes[head.target]
        let visible = UnsafeRawBufferPointer(rebasing: target)
        guard visible.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw .malformed("the request target has a character that must be percent-encoded")
        }
        var pathStart = target.startIndex
        if bytes[pathStart] != UInt8(ascii: "/") {
            if head.method == .options, target.count == 1, bytes[pathStart] == UInt8(ascii: "*") {
                head.path = head.target
                return
            }
            pathStart = try pathStartOfAbsoluteForm(target)
        }
        let rest = pathStart..<target.endIndex
        let pathEnd = ASCII.position(of: UInt8(ascii: "?"), in: bytes, rest) ?? rest.upperBound
        head.path = pathStart..<pathEnd
        if pathEnd < rest.upperBound { head.query = (pathEnd + 1)..<rest.upperBound }
        guard PercentEncoding.isWellFormed(bytes, rest) else {
            throw .malformed("the request target has a broken percent-escape")
        }
    }

    /// `http://host/path`, which every server has to accept (RFC 9112, section 3.2.2).
    private func pathStartOfAbsoluteForm(_ target: Slice<UnsafeRawBufferPointer>) throws(ProtocolError) -> Int
    {
        let scheme = "http://".utf8
        guard target.count > scheme.count, target.starts(with: scheme, by: { ASCII.lowercased($0) == $1 }),
            let slash = target[(target.startIndex + scheme.count)...].firstIndex(of: UInt8(ascii: "/")),
            slash > target.startIndex + scheme.count
        else { throw .malformed("the request target does not begin with a slash") }
        return slash
    }

    private func parseField(
        _ bytes: UnsafeRawBufferPointer,
        _ line: Range<Int>
    ) throws(ProtocolError) -> Request.Field {
        guard let colon = ASCII.position(of: ASCII.colon, in: bytes, line), colon > line.lowerBound else {
            throw .malformed("a header line has no name")
        }
        // This also refuses folded lines and blanks before the colon.
        guard bytes[line.lowerBound..<colon].allSatisfy(ASCII.isToken) else {
            throw .malformed("a header name has a character that is not allowed")
        }
        var start = colon + 1
        var end = line.upperBound
        while start < end, bytes[start] == ASCII.blank || bytes[start] == ASCII.tab { start += 1 }
        while end > start, bytes[end - 1] == ASCII.blank || bytes[end - 1] == ASCII.tab { end -= 1 }
        guard bytes[start..<end].allSatisfy(ASCII.isFieldValue) else {
            throw .malformed("a header value has a control character")
        }
        return Request.Field(
            nameStart: UInt32(line.lowerBound),
            nameEnd: UInt32(colon),
            valueStart: UInt32(start),
            valueEnd: UInt32(end)
        )
    }

    private static func method(_ bytes: Slice<UnsafeRawBufferPointer>) -> HTTPRequest.Method {
        for known in [HTTPRequest.Method.get, .post, .put, .delete, .head, .options, .patch]
        where bytes.elementsEqual(known.rawValue.utf8) {
            return known
        }
        // Tokens are what the initializer accepts, and only tokens come here.
        return HTTPRequest.Method(String(decoding: bytes, as: UTF8.self)) ?? .get
    }
}

extension ASCII {
    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
