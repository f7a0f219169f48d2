import Sockets

/// One request and the way to answer it, once, now or later.
@EventLoopActor
public final class Exchange {
    /// What the client asked.
    public let request: Request

    private var connection: Connection?

    init(request: Request, connection: Connection) {
        self.request = request
        self.connection = connection
    }

    /// Whether the client has gone. The answer may still be given; nobody will read it.
    public var isAbandoned: Bool { connection?.isClosed ?? false }

    /// Sends the response. Only the first one counts.
    public func respond(_ response: Response) {
        guard let connection else { return }
        self.connection = nil
        connection.respond(response, isHead: request.method == .head)
    }
}
