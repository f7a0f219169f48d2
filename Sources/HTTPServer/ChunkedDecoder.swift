/// Removes the chunked transfer coding (RFC 9112, section 7.1), from pieces of any size.
struct ChunkedDecoder {
    private enum State {
        case size
        case data(remaining: Int)
        case dataEnd
        case trailer
        case complete
    }

    private var state = State.size
    private var line: [UInt8] = []
    private var trailerBytes = 0
    private let bodyLimit: Int

    /// The body so far.
    private(set) var body: [UInt8] = []

    /// A chunk's size line, extensions included, and each trailer line.
    private static let lineLimit = 4_096

    init(bodyLimit: Int) {
        self.bodyLimit = bodyLimit
    }

    var isComplete: Bool {
        if case .complete = state { true } else { false }
    }

    /// Takes what it can use of `bytes`.
    ///
    /// - Returns: How many bytes were used; fewer than all only when the body is complete.
    mutating func consume(_ bytes: UnsafeRawBufferPointer) throws(ProtocolError) -> Int {
        var index = 0
        while index < bytes.count {
            switch state {
            case .complete:
                return index
            case .data(let remaining):
                let count = min(remaining, bytes.count - index)
                body.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[index..<(index + count)]))
                index += count
                state = count == remaining ? .dataEnd : .data(remaining: remaining - count)
            case .size, .dataEnd, .trailer:
                let byte = bytes[index]
                index += 1
                if byte == ASCII.lineFeed {
                    guard line.last == ASCII.carriageReturn else {
                        throw .malformed("a chunk's line ends without CR LF")
                    }
                    line.removeLast()
                    try endLine()
                    line.removeAll(keepingCapacity: true)
                } else {
                    guard line.last != ASCII.carriageReturn, line.count < Self.lineLimit else {
                        throw .malformed("a chunk's line is too long or holds a bare CR")
                    }
                    line.append(byte)
                }
            }
        }
        return index
    }

    private mutating func endLine() throws(ProtocolError) {
        switch state {
        case .size:
            let size = try Self.parseSize(line)
            guard size <= bodyLimit - body.count else {
                throw ProtocolError(.contentTooLarge, "the body is larger than \(bodyLimit) bytes")
            }
            state = size == 0 ? .trailer : .data(remaining: size)
        case .dataEnd:
            guard line.isEmpty else { throw .malformed("a chunk is longer than its size says") }
            state = .size
        case .trailer:
            trailerBytes += line.count
            guard trailerBytes <= 4 * Self.lineLimit else {
                throw ProtocolError(.requestHeaderFieldsTooLarge, "the trailer is too large")
            }
            if line.isEmpty { state = .complete }
        case .data, .complete:
            break
        }
    }

    private static func parseSize(_ line: [UInt8]) throws(ProtocolError) -> Int {
        let digits = line.prefix { ASCII.hexValue($0) != nil }
        let rest = line[digits.endIndex...]
        guard !digits.isEmpty, digits.count <= 12,
            rest.isEmpty || rest.first == UInt8(ascii: ";"),
            rest.allSatisfy(ASCII.isFieldValue)
        else { throw .malformed("a chunk size is not a hexadecimal number") }
        return digits.reduce(0) { $0 << 4 | Int(ASCII.hexValue($1) ?? 0) }
    }
}
