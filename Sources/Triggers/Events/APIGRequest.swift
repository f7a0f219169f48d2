/// A request to an API of a gateway, taken apart.
public struct APIGRequest: Sendable {
    /// The method, in upper case.
    public let method: String
    /// The path without the query, as it was sent.
    public let path: String
    /// The parameters of the query, decoded, in order.
    public let query: [(name: String, value: String)]
    /// The header fields in order.
    public let headers: [(name: String, value: String)]
    /// The body.
    public let body: [UInt8]
    /// The address the request came from, without a port.
    public let client: String
    /// The scheme that the gateway was called with.
    public let scheme: String
    /// The port that it was called at.
    public let port: Int

    /// Puts a request together.
    public init(
        method: String,
        path: String,
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        client: String,
        scheme: String = "http",
        port: Int
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.client = client
        self.scheme = scheme
        self.port = port
    }
}
