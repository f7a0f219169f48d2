import HTTPTypes

/// One response. Header lines are written down in wire form as they are added.
public struct Response: Sendable {
    /// The status line's code.
    public var status: HTTPResponse.Status
    /// The body; `Content-Length` follows from it.
    public var body: [UInt8]
    /// The length to announce instead of the body's, for the answer to HEAD.
    public var announcedLength: Int?
    /// Whether the connection ends with this response.
    public var closesConnection = false

    private(set) var headerBlock: [UInt8] = []

    /// A response with a body of the given type; no type, no `Content-Type`.
    public init(_ status: HTTPResponse.Status, contentType: StaticString? = nil, body: [UInt8] = []) {
        self.status = status
        self.body = body
        headerBlock.reserveCapacity(512)
        if let contentType {
            addStatic("Content-Type: ")
            addStatic(contentType)
            endLine()
        }
    }

    /// Adds a header line. Control characters in the value, line ends above all, become blanks.
    public mutating func addHeader(_ name: HTTPField.Name, _ value: String) {
        addName(name)
        let start = headerBlock.count
        headerBlock.append(contentsOf: value.utf8)
        for index in start..<headerBlock.count where !ASCII.isFieldValue(headerBlock[index]) {
            headerBlock[index] = ASCII.blank
        }
        endLine()
    }

    /// Adds a header line whose value is known to hold no control character.
    public mutating func addHeader(_ name: HTTPField.Name, bytes: [UInt8]) {
        addName(name)
        headerBlock.append(contentsOf: bytes)
        endLine()
    }

    private mutating func addName(_ name: HTTPField.Name) {
        headerBlock.append(contentsOf: name.rawName.utf8)
        headerBlock.append(ASCII.colon)
        headerBlock.append(ASCII.blank)
    }

    private mutating func endLine() {
        headerBlock.append(ASCII.carriageReturn)
        headerBlock.append(ASCII.lineFeed)
    }

    private mutating func addStatic(_ text: StaticString) {
        text.withUTF8Buffer { headerBlock.append(contentsOf: $0) }
    }
}
