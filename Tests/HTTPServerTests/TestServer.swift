import HTTPServer
import HTTPTypes
import Sockets

/// A server that answers with what it understood of the request.
@EventLoopActor
final class TestServer: RequestHandler {
    nonisolated init() {}

    private var server: Server?
    private var held: [Exchange] = []
    private(set) var handled = 0
    private(set) var stream: ResponseStream?
    /// How many streams ended without being finished here.
    private(set) var streamEndCount = 0

    static func start(host: String = "127.0.0.1", limits: Limits = Limits()) throws -> (TestServer, UInt16) {
        let socket = try ListeningSocket(host: host, port: 0)
        let port = socket.port
        return (try start(on: socket, limits: limits), port)
    }

    static func start(on socket: consuming ListeningSocket, limits: Limits = Limits()) throws -> TestServer {
        let handler = TestServer()
        let server = Server(handler: handler, limits: limits)
        try server.start(on: socket)
        handler.server = server
        return handler
    }

    var connectionCount: Int { server?.connectionCount ?? 0 }

    func stop() async {
        beginStopping()
        await stopped()
    }

    func beginStopping() {
        server?.stop(graceMilliseconds: 5_000) {}
    }

    func stopped() async {
        await withCheckedContinuation { continuation in
            server?.stop(graceMilliseconds: 5_000) { continuation.resume() }
        }
    }

    func releaseHeld() {
        let exchanges = held
        held = []
        for exchange in exchanges { exchange.respond(Response(.ok, body: Array("held".utf8))) }
    }

    var heldCount: Int { held.count }

    /// Answers a request that is held with a response that goes on.
    func streamToHeld() {
        begin(streamOf: held.removeFirst())
    }

    func write(_ text: String) { stream?.write(Array(text.utf8)) }

    func finishStream() { stream?.finish() }

    private func begin(streamOf exchange: Exchange) {
        stream = exchange.stream(Response(.ok, contentType: "text/plain"))
        stream?.onEnd = { [self] in streamEndCount += 1 }
    }

    func handle(_ exchange: Exchange) {
        handled += 1
        let request = exchange.request
        switch request.rawPath {
        case "/hold":
            held.append(exchange)
        case "/stream":
            begin(streamOf: exchange)
        case "/large":
            exchange.respond(Response(.ok, body: [UInt8](repeating: UInt8(ascii: "x"), count: 8 << 20)))
        case "/none":
            exchange.respond(Response(.noContent))
        case "/length":
            exchange.respond(
                Response(.ok, contentType: "text/plain", body: Array("\(request.body.count)".utf8))
            )
        default:
            let text =
                "\(request.method) \(request.rawTarget) \(String(decoding: request.body, as: UTF8.self))"
            exchange.respond(Response(.ok, contentType: "text/plain", body: Array(text.utf8)))
        }
    }

    func response(to error: ProtocolError) -> Response {
        Response(error.status, contentType: "text/plain", body: Array(error.reason.utf8))
    }
}

/// Starts a server, runs the test against its port, stops the server.
func withServer(
    host: String = "127.0.0.1",
    limits: Limits = Limits(),
    _ body: (UInt16, TestServer) async throws -> Void
) async throws {
    let (handler, port) = try await TestServer.start(host: host, limits: limits)
    do {
        try await body(port, handler)
    } catch {
        await handler.stop()
        throw error
    }
    await handler.stop()
}
