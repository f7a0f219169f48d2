import Glibc
import HTTPServer
import Sockets
import Testing

@Suite("What one client may take")
struct LimitTests {
    @Test("a body over the limit is refused before it is read, by its length or by its chunks")
    func bodyLimit() async throws {
        var limits = Limits()
        limits.bodyBytes = 1_000
        try await withServer(limits: limits) { port, _ in
            let byLength = try RawClient(port: port)
            byLength.send(
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n"
            )
            #expect(byLength.readToEnd().hasPrefix("HTTP/1.1 413 "))
            let byChunks = try RawClient(port: port)
            byChunks.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3E9\r\n")
            #expect(byChunks.readToEnd().hasPrefix("HTTP/1.1 413 "))
            let fitting = try RawClient(port: port)
            fitting.send("POST /length HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n")
            fitting.send([UInt8](repeating: 65, count: 1_000))
            #expect(fitting.readResponses(1) == ["1000"])
        }
    }

    @Test("the client reads the 413 although it is still sending")
    func refusalArrives() async throws {
        var limits = Limits()
        limits.bodyBytes = 1_000
        try await withServer(limits: limits) { port, _ in
            let client = try RawClient(port: port)
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\n\r\n")
            client.send([UInt8](repeating: 65, count: 500_000))
            #expect(client.readToEnd().hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test("too large a header is 431, too long a target 414")
    func headLimits() async throws {
        try await withServer { port, _ in
            let long = try RawClient(port: port)
            long.send("GET / HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "x", count: 70_000))\r\n\r\n")
            #expect(long.readToEnd().hasPrefix("HTTP/1.1 431 "))
            let many = try RawClient(port: port)
            many.send("GET / HTTP/1.1\r\nHost: h\r\n" + String(repeating: "X: y\r\n", count: 200) + "\r\n")
            #expect(many.readToEnd().hasPrefix("HTTP/1.1 431 "))
            let target = try RawClient(port: port)
            target.send("GET /\(String(repeating: "x", count: 20_000)) HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(target.readToEnd().hasPrefix("HTTP/1.1 414 "))
            let endless = try RawClient(port: port)
            endless.send([UInt8](repeating: 65, count: 70_000))
            #expect(endless.readToEnd().hasPrefix("HTTP/1.1 431 "))
        }
    }

    @Test("a large body and a large answer pass, whatever the socket's buffers hold")
    func large() async throws {
        try await withServer { port, _ in
            let client = try RawClient(port: port)
            client.send("POST /length HTTP/1.1\r\nHost: h\r\nContent-Length: 8388608\r\n\r\n")
            client.send([UInt8](repeating: 66, count: 8 << 20))
            #expect(client.readResponses(1) == ["8388608"])
            client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(client.readResponses(1).first?.utf8.count == 8 << 20)
        }
    }

    @Test("a client that does not finish its header gets 408, one that asks nothing is closed")
    func slowClients() async throws {
        var limits = Limits()
        limits.headerTimeout = 50
        limits.bodyTimeout = 50
        limits.idleTimeout = 50
        try await withServer(limits: limits) { port, server in
            let header = try RawClient(port: port)
            header.send("GET / HT")
            let body = try RawClient(port: port)
            body.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf")
            let silent = try RawClient(port: port)
            let idle = try RawClient(port: port)
            idle.send("GET /i HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(header.readToEnd().hasPrefix("HTTP/1.1 408 "))
            #expect(body.readToEnd().hasPrefix("HTTP/1.1 408 "))
            #expect(silent.readToEnd().isEmpty)
            #expect(idle.readToEnd().hasSuffix("GET /i "))
            #expect(await server.handled == 1)
        }
    }

    @Test("a header that comes byte by byte has no more time than one that comes at once")
    func tricklingHeader() async throws {
        var limits = Limits()
        limits.headerTimeout = 200
        try await withServer(limits: limits) { port, server in
            let client = try RawClient(port: port)
            client.send("GET / HTTP/1.1\r\nX-Slow: ")
            var pieces = 0
            while pieces < 500, client.hearsNothing(for: 20) {
                client.send("x")
                pieces += 1
            }
            #expect(pieces < 500)
            #expect(client.readToEnd().hasPrefix("HTTP/1.1 408 "))
            #expect(await server.handled == 0)
        }
    }

    @Test("over the cap a connection is answered 503, and the others go on")
    func connectionCap() async throws {
        var limits = Limits()
        limits.connections = 2
        try await withServer(limits: limits) { port, _ in
            let first = try RawClient(port: port)
            let second = try RawClient(port: port)
            for client in [first, second] { client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n") }
            for client in [first, second] { #expect(client.readResponses(1) == ["GET /a "]) }
            let third = try RawClient(port: port)
            #expect(third.readToEnd().hasPrefix("HTTP/1.1 503 "))
            first.send("GET /b HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(first.readResponses(1) == ["GET /b "])
        }
    }
}
