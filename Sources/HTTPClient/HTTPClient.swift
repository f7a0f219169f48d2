import CCurl

/// Asks other servers for something, over http and https. Everything blocks, so it is called off the event loop.
public enum HTTPClient {
    /// An answer.
    public struct Answer: Sendable {
        /// Its status.
        public let status: Int
        /// Its body.
        public let body: [UInt8]
    }

    /// Fetches a URL, following redirects.
    ///
    /// - Parameters:
    ///   - limit: The most bytes the answer may have.
    ///   - timeoutMilliseconds: For all of it; connecting may take at most 5 seconds.
    /// - Throws: `HTTPClientError`.
    public static func get(
        _ url: String, limit: Int, timeoutMilliseconds: Int
    ) throws(HTTPClientError) -> Answer {
        try perform(url, body: nil, limit: limit, timeoutMilliseconds: timeoutMilliseconds)
    }

    /// Sends JSON to a URL. Of the answer 64 KiB are kept.
    ///
    /// - Throws: `HTTPClientError`.
    public static func post(
        _ url: String, json body: [UInt8], timeoutMilliseconds: Int
    ) throws(HTTPClientError) -> Answer {
        try perform(url, body: body, limit: 64 << 10, timeoutMilliseconds: timeoutMilliseconds)
    }

    /// What an answer is gathered in while C code delivers it.
    private final class Gathering {
        var bytes: [UInt8] = []
        let limit: Int
        var isTooLarge = false

        init(limit: Int) {
            self.limit = limit
        }
    }

    private static func perform(
        _ url: String, body: [UInt8]?, limit: Int, timeoutMilliseconds: Int
    ) throws(HTTPClientError) -> Answer {
        let gathering = Gathering(limit: limit)
        var status = 0
        var message = [CChar](repeating: 0, count: 256)
        let failed = url.withCString { url in
            (body ?? []).withUnsafeBytes { bytes in
                var request = ccurl_request()
                request.url = url
                // An empty body is one too.
                request.body = body == nil ? nil : bytes.baseAddress ?? UnsafeRawPointer(url)
                request.body_length = bytes.count
                request.timeout_ms = timeoutMilliseconds
                request.connect_timeout_ms = min(5_000, timeoutMilliseconds)
                request.context = Unmanaged.passUnretained(gathering).toOpaque()
                request.sink = { context, bytes, count in
                    guard let context, let bytes else { return 1 }
                    let gathering = Unmanaged<Gathering>.fromOpaque(context).takeUnretainedValue()
                    guard gathering.bytes.count + count <= gathering.limit else {
                        gathering.isTooLarge = true
                        return 1
                    }
                    gathering.bytes.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
                    return 0
                }
                return "Content-Type: application/json".withCString { type in
                    request.content_type = type
                    return ccurl_perform(&request, &status, &message) != 0
                }
            }
        }
        if gathering.isTooLarge { throw .tooLarge(url: url, limit: limit) }
        if failed {
            let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw .failed(url: url, String(decoding: text, as: UTF8.self))
        }
        return Answer(status: status, body: gathering.bytes)
    }
}
