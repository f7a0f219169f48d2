/// What of a request a signature covers, as it arrived.
public struct SignedRequest: Sendable {
    /// The method.
    public var method: String
    /// The path, percent-encoded as sent, without the query.
    public var path: [UInt8]
    /// The query as sent, without the question mark; empty if there is none.
    public var query: [UInt8]
    /// Every header line, with its name in lower case.
    public var headers: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]

    /// A request of these parts; header names may be in any case.
    public init(
        method: String,
        path: [UInt8],
        query: [UInt8],
        headers: [(name: String, value: String)],
        body: [UInt8]
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers.map { ($0.name.lowercased(), $0.value) }
        self.body = body
    }

    /// The value of a header that is there once; nil otherwise, since nobody could say which one was signed.
    func header(_ name: String) -> String? {
        var found: String?
        for header in headers where header.name == name {
            guard found == nil else { return nil }
            found = header.value
        }
        return found
    }
}
