import Glibc
import HTTPTypes
import Sockets

/// Turns responses into bytes.
@EventLoopActor
enum ResponseWriter {
    /// Appends the status line and headers of `response` to `bytes`.
    static func appendHead(of response: Response, keepsAlive: Bool, to bytes: inout [UInt8]) {
        appendStatusLineAndHeaders(of: response, to: &bytes)
        // RFC 9110, section 8.6: no Content-Length where there can be no content.
        if response.status.code != 204, response.status.code != 304 {
            append("Content-Length: ", to: &bytes)
            appendNumber(response.announcedLength ?? response.body.count, to: &bytes)
            append("\r\n", to: &bytes)
        }
        append(keepsAlive ? "\r\n" : "Connection: close\r\n\r\n", to: &bytes)
    }

    /// Appends the status line and headers of a response whose body is sent in chunks.
    static func appendStreamHead(of response: Response, to bytes: inout [UInt8]) {
        appendStatusLineAndHeaders(of: response, to: &bytes)
        append("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n", to: &bytes)
    }

    private static func appendStatusLineAndHeaders(of response: Response, to bytes: inout [UInt8]) {
        append("HTTP/1.1 ", to: &bytes)
        appendNumber(response.status.code, to: &bytes)
        append(" ", to: &bytes)
        bytes.append(contentsOf: response.status.reasonPhrase.utf8)
        append("\r\n", to: &bytes)
        bytes.append(contentsOf: dateLine())
        bytes.append(contentsOf: response.headerBlock)
    }

    private static var cachedDate: [UInt8] = []
    private static var cachedDateExpiry: UInt64 = 0

    /// The `Date` line, made once a second.
    private static func dateLine() -> [UInt8] {
        let now = EventLoop.shared.now
        if now >= cachedDateExpiry {
            cachedDateExpiry = now + 1_000_000_000
            var seconds = time(nil)
            var parts = tm()
            gmtime_r(&seconds, &parts)
            var text = [CChar](repeating: 0, count: 64)
            // Day and month names are English whatever the locale, which nothing in this process sets.
            let count = strftime(&text, text.count, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts)
            cachedDate = text[..<count].map { UInt8(bitPattern: $0) }
        }
        return cachedDate
    }

    private nonisolated static func append(_ text: StaticString, to bytes: inout [UInt8]) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private nonisolated static func appendNumber(_ number: Int, to bytes: inout [UInt8]) {
        if number >= 10 { appendNumber(number / 10, to: &bytes) }
        bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
