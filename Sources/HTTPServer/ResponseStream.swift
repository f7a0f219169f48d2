import Sockets

/// A response that goes on: its body is sent in chunks, as long as the client is there.
@EventLoopActor
public final class ResponseStream {
    /// Called when the client has gone or cannot keep up. Nothing can be written after that.
    public var onEnd: () -> Void = {}

    private weak var connection: Connection?

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Sends bytes.
    public func write(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        var chunk = Array("\(String(bytes.count, radix: 16))\r\n".utf8)
        chunk.append(contentsOf: bytes)
        chunk.append(contentsOf: [ASCII.carriageReturn, ASCII.lineFeed])
        connection?.write(chunk, of: self)
    }

    /// Ends the response, and the connection with it.
    public func finish() {
        connection?.finish(self)
    }
}
