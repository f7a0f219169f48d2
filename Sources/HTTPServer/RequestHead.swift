import HTTPTypes

/// A request's head, parsed: what `Request` needs, and how the body is framed.
struct RequestHead {
    /// How the end of the body is told (RFC 9112, section 6).
    enum Framing: Equatable {
        case length(Int)
        case chunked
    }

    var method: HTTPRequest.Method
    var fields: [Request.Field] = []
    var target: Range<Int> = 0..<0
    var path: Range<Int> = 0..<0
    var query: Range<Int>?
    var framing = Framing.length(0)
    var keepsAlive = true
    var expectsContinue = false
    /// The number of bytes the head takes, the empty line included.
    var byteCount = 0

    func request(head bytes: [UInt8], body: [UInt8]) -> Request {
        Request(
            method: method,
            body: body,
            head: bytes,
            fields: fields,
            target: target,
            path: path,
            query: query
        )
    }
}
