/// Collects a request's body, whatever its framing, within a limit.
struct BodyReader {
    private enum Source {
        case length(Int)
        case chunked(ChunkedDecoder)
    }

    private var source: Source
    private var body: [UInt8] = []
    private var announced = 0

    /// - Throws: `ProtocolError` when the length alone is over the limit, before anything is allocated.
    init(_ framing: RequestHead.Framing, limit: Int) throws(ProtocolError) {
        switch framing {
        case .length(let length):
            guard length <= limit else {
                throw ProtocolError(.contentTooLarge, "the body is larger than \(limit) bytes")
            }
            source = .length(length)
        case .chunked:
            source = .chunked(ChunkedDecoder(bodyLimit: limit))
        }
    }

    var isComplete: Bool {
        switch source {
        case .length(let length): body.count == length
        case .chunked(let decoder): decoder.isComplete
        }
    }

    /// Takes what belongs to the body from the beginning of `bytes` and returns how much that was.
    mutating func consume(_ bytes: UnsafeRawBufferPointer) throws(ProtocolError) -> Int {
        switch source {
        case .length(let length):
            let count = min(length - body.count, bytes.count)
            guard count > 0 else { return 0 }
            // Room is made as bytes come, so that an announced length alone takes no memory.
            body.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            return count
        case .chunked(var decoder):
            source = .length(0)
            defer { source = .chunked(decoder) }
            return try decoder.consume(bytes)
        }
    }

    /// Whether another 64 KiB have come since this was last true.
    mutating func tookMuch() -> Bool {
        let count =
            switch source {
            case .length: body.count
            case .chunked(let decoder): decoder.body.count
            }
        guard count - announced >= 65_536 else { return false }
        announced = count
        return true
    }

    func takeBody() -> [UInt8] {
        switch source {
        case .length: body
        case .chunked(let decoder): decoder.body
        }
    }
}
