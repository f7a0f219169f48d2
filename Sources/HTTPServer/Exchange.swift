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

    /// The address of the client, without a port; empty once the request has been answered.
    public var clientAddress: String { connection?.clientAddress ?? "" }

    /// The ends of the connection; nil once the request has been answered, and for clients on other machines.
    public var connectionPorts: ConnectionPorts? { connection?.ports }

    /// Whether a response has been given.
    public var isAnswered: Bool { connection == nil }

    /// Has `body` called once, on the loop, unless a response has been given or the client has gone by then. Only the
    /// last call counts.
    public func whenOverdue(after milliseconds: UInt64, _ body: @escaping () -> Void) {
        connection?.whenOverdue(after: milliseconds, body)
    }

    /// Whether the client has gone. The answer may still be given; nobody will read it.
    public var isAbandoned: Bool { connection?.isClosed ?? false }

    /// Begins a response whose body is written bit by bit; its own body is ignored. nil when there is nobody to
    /// write to. Only the first response counts.
    public func stream(_ response: Response) -> ResponseStream? {
        guard let connection else { return nil }
        self.connection = nil
        return connection.stream(response)
    }

    /// Sends the response. Only the first one counts.
    public func respond(_ response: Response) {
        guard let connection else { return }
        self.connection = nil
        connection.respond(response, isHead: request.method == .head)
    }
}
