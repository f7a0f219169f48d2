/// What one client may take of the server. Times are in milliseconds, sizes in bytes.
public struct Limits: Sendable {
    /// The request line and all header lines together.
    public var headBytes = 65_536
    /// The number of header lines.
    public var headerCount = 128
    /// The request target alone.
    public var targetBytes = 16_384
    /// A request's body, after chunked coding is removed: an archive of 50 MiB in Base64, and more than that, so that
    /// whoever reads it can say what is too large.
    public var bodyBytes = 80 << 20
    /// Connections at once, over all addresses; one more is answered 503.
    public var connections = 4_096
    /// From the first byte of a request to the end of its header.
    public var headerTimeout: UInt64 = 10_000
    /// For a body's next 64 KiB; a client that is slower than that is cut off.
    public var bodyTimeout: UInt64 = 20_000
    /// For a client to take the next part of a response.
    public var writeTimeout: UInt64 = 30_000
    /// What a response that goes on may hold for a client that does not take it.
    public var streamBytes = 8 << 20
    /// For which a connection may stay open with nothing asked.
    public var idleTimeout: UInt64 = 75_000

    /// The defaults.
    public init() {}
}
