import Sockets

/// Answers requests.
@EventLoopActor
public protocol RequestHandler: AnyObject {
    /// Called on the event loop for every request; must not block. `exchange.respond` may come later.
    func handle(_ exchange: Exchange)

    /// The answer to something that is not a request the server could take.
    func response(to error: ProtocolError) -> Response
}
