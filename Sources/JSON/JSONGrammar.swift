/// Walks through one JSON text and tells a sink what it finds. The grammar (RFC 8259) stands here once, for the
/// parser and the validator; nesting takes no stack of the thread.
struct JSONGrammar<Sink: JSONSink> {
    private var scanner: JSONScanner
    private var nesting = NestingStack()
    private let maximumDepth: Int
    private(set) var sink: Sink

    init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int, sink: Sink) {
        scanner = JSONScanner(bytes)
        self.maximumDepth = maximumDepth
        self.sink = sink
    }

    /// Walks through the whole text.
    mutating func run() throws(JSONError) {
        repeat {
            scanner.skipBlanks()
            // A container that has members leads to the first of them.
            if try enterValue() { continue }
            while nesting.depth > 0, try !advance() {}
        } while nesting.depth > 0
        scanner.skipBlanks()
        if scanner.position < scanner.bytes.count { throw scanner.fault(.trailingBytes) }
    }

    /// Reads a scalar or an empty container, or the opening of a container up to its first value.
    ///
    /// - Returns: whether a value must follow.
    @inline(__always)
    private mutating func enterValue() throws(JSONError) -> Bool {
        let start = scanner.position
        guard let first = scanner.next else { throw scanner.fault(.unexpectedEnd) }
        switch first {
        case ASCII.quote:
            let hasEscapes = try scanner.skipString()
            try sink.string(slice(start + 1, scanner.position - 1), hasEscapes: hasEscapes, at: start + 1)
        case ASCII.openBrace:
            try open(isObject: true)
            if scanner.next != ASCII.closeBrace {
                try readKey()
                return true
            }
            close()
        case ASCII.openBracket:
            try open(isObject: false)
            if scanner.next != ASCII.closeBracket { return true }
            close()
        case ASCII.minus, ASCII.zero...ASCII.nine:
            let isInteger = try scanner.skipNumber()
            sink.number(slice(start, scanner.position), isInteger: isInteger)
        case UInt8(ascii: "t"):
            try scanner.skipWord("true")
            sink.bool(true)
        case UInt8(ascii: "f"):
            try scanner.skipWord("false")
            sink.bool(false)
        case UInt8(ascii: "n"):
            try scanner.skipWord("null")
            sink.null()
        default:
            throw scanner.fault(.expectedValue)
        }
        return false
    }

    /// Moves on behind a value inside a container.
    ///
    /// - Returns: true if another value follows, false if the container ended.
    @inline(__always)
    private mutating func advance() throws(JSONError) -> Bool {
        scanner.skipBlanks()
        let isObject = nesting.isObject
        switch scanner.next {
        case ASCII.comma:
            scanner.position += 1
            scanner.skipBlanks()
            if isObject { try readKey() }
            return true
        case isObject ? ASCII.closeBrace : ASCII.closeBracket:
            close()
            return false
        default:
            throw scanner.fault(isObject ? .expectedCommaOrBrace : .expectedCommaOrBracket)
        }
    }

    /// A key and its colon.
    @inline(__always)
    private mutating func readKey() throws(JSONError) {
        let start = scanner.position
        guard scanner.next == ASCII.quote else { throw scanner.fault(.expectedKey) }
        let hasEscapes = try scanner.skipString()
        try sink.key(slice(start + 1, scanner.position - 1), hasEscapes: hasEscapes, at: start + 1)
        scanner.skipBlanks()
        guard scanner.next == ASCII.colon else { throw scanner.fault(.expectedColon) }
        scanner.position += 1
    }

    @inline(__always)
    private mutating func open(isObject: Bool) throws(JSONError) {
        guard nesting.depth < maximumDepth else { throw scanner.fault(.tooDeep) }
        nesting.push(isObject: isObject)
        sink.open(isObject: isObject)
        scanner.position += 1
        scanner.skipBlanks()
    }

    @inline(__always)
    private mutating func close() {
        scanner.position += 1
        sink.close(isObject: nesting.isObject)
        nesting.pop()
    }

    @inline(__always)
    private func slice(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: scanner.bytes[start..<end])
    }
}
