import Glibc
import HTTPServer
import Testing

@Suite("Responses that go on", .timeLimit(.minutes(1)))
struct StreamTests {
    private let request = "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test("each part is a chunk that arrives when it is written")
    func chunks() async throws {
        try await withServer { port, server in
            let client = try RawClient(port: port)
            client.send(request)
            let head = client.readText()
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(head.contains("\r\nContent-Type: text/plain\r\n"))
            #expect(head.hasSuffix("\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"))
            #expect(!head.contains("Content-Length"))
            await server.write("first")
            #expect(client.readText() == "5\r\nfirst\r\n")
            await server.write(String(repeating: "x", count: 26))
            #expect(client.readText() == "1a\r\n\(String(repeating: "x", count: 26))\r\n")
        }
    }

    @Test("an empty part is not the end")
    func emptyPart() async throws {
        try await withServer { port, server in
            let client = try RawClient(port: port)
            client.send(request)
            _ = client.readText()
            await server.write("")
            await server.write("x")
            #expect(client.readText() == "1\r\nx\r\n")
        }
    }

    @Test("a finished response ends with the last chunk and the connection, and nothing is written after it")
    func finish() async throws {
        try await withServer { port, server in
            let client = try RawClient(port: port)
            client.send(request)
            _ = client.readText()
            await server.write("x")
            await server.finishStream()
            await server.write("too late")
            await server.finishStream()
            #expect(client.readToEnd() == "1\r\nx\r\n0\r\n\r\n")
            #expect(await server.streamEndCount == 0)
        }
    }

    @Test("a client that reads late gets all of a finished response, whatever the socket's buffers hold")
    func finishWaits() async throws {
        try await withServer { port, server in
            let client = try RawClient(port: port)
            client.send(request)
            _ = client.readText()
            let part = String(repeating: "x", count: 1 << 20)
            for _ in 0..<7 { await server.write(part) }
            await server.finishStream()
            let body = client.readToEnd()
            #expect(body.hasSuffix("\r\n0\r\n\r\n"))
            let chunkSize = "100000\r\n".utf8.count + part.utf8.count + "\r\n".utf8.count
            #expect(body.utf8.count == 7 * chunkSize + "0\r\n\r\n".utf8.count)
        }
    }

    @Test("a finished response is not lost to what the client sent meanwhile")
    func finishWithInput() async throws {
        try await withServer { port, server in
            let client = try RawClient(port: port)
            client.send(request)
            _ = client.readText()
            client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
            await server.write("x")
            await server.finishStream()
            #expect(client.readToEnd() == "1\r\nx\r\n0\r\n\r\n")
            #expect(await server.handled == 1)
        }
    }

    @Test("a client that goes away ends the stream, also one that went before it began")
    func clientGone() async throws {
        try await withServer { port, server in
            var client: RawClient? = try RawClient(port: port)
            client?.send(request)
            _ = client?.readText()
            client = nil
            while await server.streamEndCount == 0 { await Task.yield() }
            await server.write("nobody reads this")
            while await server.connectionCount > 0 { await Task.yield() }

            client = try RawClient(port: port)
            client?.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
            while await server.heldCount == 0 { await Task.yield() }
            client = nil
            await server.streamToHeld()
            // There is none if the server has seen the end by then, and it ends when the server sees it.
            while await server.stream != nil, await server.streamEndCount < 2 { await Task.yield() }
            while await server.connectionCount > 0 { await Task.yield() }
        }
    }

    @Test("a client that does not take what is written is let go when too much waits for it")
    func slowClient() async throws {
        var limits = Limits()
        limits.streamBytes = 1 << 16
        try await withServer(limits: limits) { port, server in
            let client = try RawClient(port: port)
            client.send(request)
            _ = client.readText()
            let part = String(repeating: "x", count: 1 << 20)
            for _ in 0..<64 where await server.streamEndCount == 0 { await server.write(part) }
            #expect(await server.streamEndCount == 1)
            #expect(await server.connectionCount == 0)
        }
    }

    @Test("a server that stops ends the responses that go on, completely")
    func serverStops() async throws {
        let (server, port) = try await TestServer.start()
        let client = try RawClient(port: port)
        client.send(request)
        _ = client.readText()
        await server.write("x")
        await server.stop()
        #expect(client.readToEnd() == "1\r\nx\r\n0\r\n\r\n")
        #expect(await server.streamEndCount == 1)
    }
}

extension RawClient {
    /// The next bytes as text; nothing at the end.
    fileprivate func readText() -> String {
        readSome().map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
