import Glibc
import HTTPServer
import Sockets
import Testing

@Suite("How the server starts and stops")
struct ServerLifeTests {
    @Test("it serves IPv6, and a name with both families on one port")
    func families() async throws {
        try await withServer(host: "::1") { port, _ in
            let client = try RawClient(port: port, family: AF_INET6)
            client.send("GET /6 HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(client.readResponses(1) == ["GET /6 "])
        }
    }

    @Test("a port in use is named, with what to do")
    func portInUse() async throws {
        try await withServer { port, _ in
            #expect(throws: ListenError(host: "127.0.0.1", port: port, reason: .addressInUse)) {
                _ = try ListeningSocket(host: "127.0.0.1", port: port)
            }
            #expect(
                "\(ListenError(host: "::1", port: 80, reason: .notPermitted))".hasPrefix(
                    "cannot listen on [::1]:80"
                )
            )
        }
    }

    @Test("a client that comes before the server serves waits instead of being refused, and is answered")
    func earlyClient() async throws {
        let socket = try ListeningSocket(host: "127.0.0.1", port: 0)
        let early = try RawClient(port: socket.port)
        early.send("GET /early HTTP/1.1\r\nHost: h\r\n\r\n")
        let server = try await TestServer.start(on: socket)
        #expect(early.readResponses(1) == ["GET /early "])
        await server.beginStopping()
        await server.stopped()
    }

    @Test("a port is closed when nobody takes it over")
    func unusedSocket() throws {
        let port = try ListeningSocket(host: "127.0.0.1", port: 0).port
        #expect(throws: (any Error).self) { try RawClient(port: port) }
    }

    @Test("stopping waits for the request that is being answered, and closes the rest")
    func gracefulStop() async throws {
        let (server, port) = try await TestServer.start()
        let idle = try RawClient(port: port)
        idle.send("GET /i HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(idle.readResponses(1) == ["GET /i "])
        let busy = try RawClient(port: port)
        busy.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
        while await server.heldCount == 0 { await Task.yield() }
        await server.beginStopping()
        #expect(idle.readToEnd().isEmpty)
        await server.releaseHeld()
        let answer = busy.readToEnd()
        #expect(answer.contains("Connection: close\r\n") && answer.hasSuffix("held"))
        await server.stopped()
        #expect(await server.connectionCount == 0)
        #expect(throws: (any Error).self) { try RawClient(port: port) }
    }
}
