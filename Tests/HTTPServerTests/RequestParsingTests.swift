import Glibc
import HTTPServer
import Testing

@Suite("What the server takes for a request")
struct RequestParsingTests {
    @Test("a request is answered with what was asked")
    func simple() async throws {
        try await withServer { port, _ in
            let client = try RawClient(port: port)
            client.send("GET /a%3Ab?x=1 HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(client.readResponses(1) == ["GET /a%3Ab?x=1 "])
        }
    }

    @Test("a request may arrive one byte at a time")
    func byteByByte() async throws {
        try await withServer { port, _ in
            let client = try RawClient(port: port)
            for byte in "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello".utf8 {
                client.send([byte])
            }
            #expect(client.readResponses(1) == ["POST /p hello"])
        }
    }

    @Test("pipelined requests are answered in order, bodies and all")
    func pipelining() async throws {
        try await withServer { port, _ in
            let client = try RawClient(port: port)
            client.send(
                "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
                    + "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"
                    + "POST /3 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n"
                    + "GET /4 HTTP/1.1\r\nHost: h\r\n\r\n"
            )
            #expect(client.readResponses(4) == ["POST /1 abc", "GET /2 ", "POST /3 de", "GET /4 "])
        }
    }

    @Test("a pipelined request waits for the answer before it")
    func pipeliningWaits() async throws {
        try await withServer { port, server in
            let client = try RawClient(port: port)
            client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n")
            while await server.heldCount == 0 { await Task.yield() }
            #expect(await server.handled == 1)
            await server.releaseHeld()
            #expect(client.readResponses(2) == ["held", "GET /next "])
        }
    }

    @Test("Expect: 100-continue is answered before the body is sent")
    func expectContinue() async throws {
        try await withServer { port, _ in
            let client = try RawClient(port: port)
            client.send("POST /e HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            #expect(
                client.readSome().map { String(decoding: $0, as: UTF8.self) }
                    == "HTTP/1.1 100 Continue\r\n\r\n"
            )
            client.send("ok")
            #expect(client.readResponses(1) == ["POST /e ok"])
        }
    }

    @Test("HEAD gets the length and no body")
    func head() async throws {
        try await withServer { port, _ in
            let client = try RawClient(port: port)
            client.send("HEAD /h HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            let answer = client.readToEnd()
            #expect(answer.contains("Content-Length: 8\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n"))
        }
    }

    @Test("204 has neither body nor length, and the connection goes on")
    func noContent() async throws {
        try await withServer { port, _ in
            let client = try RawClient(port: port)
            client.send("GET /none HTTP/1.1\r\nHost: h\r\n\r\n")
            let head = client.readSome().map { String(decoding: $0, as: UTF8.self) } ?? ""
            #expect(head.hasPrefix("HTTP/1.1 204 No Content\r\n") && !head.contains("Content-Length"))
            client.send("GET /x HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(client.readResponses(1) == ["GET /x "])
        }
    }

    @Test("HTTP/1.0 needs no Host and closes, unless it asks to stay")
    func http10() async throws {
        try await withServer { port, _ in
            let closing = try RawClient(port: port)
            closing.send("GET /old HTTP/1.0\r\n\r\n")
            #expect(closing.readToEnd().hasSuffix("GET /old "))
            let staying = try RawClient(port: port)
            staying.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(staying.readResponses(1) == ["GET /1 "])
            staying.send("GET /2 HTTP/1.0\r\n\r\n")
            #expect(staying.readResponses(1) == ["GET /2 "])
        }
    }

    @Test(
        "what could be read in two ways is refused and the connection closed",
        arguments: [
            ("GET / HTTP/1.1\nHost: h\n\n", "400"),
            ("GET / HTTP/1.1\r\nHost: h\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost : h\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: h\r\nX: a\u{1}b\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\n\r\n", "400"),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"),
            ("GET /\r\nHost: h\r\n\r\n", "400"),
            ("GET  / HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
            ("G(T / HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
            ("GET no-slash HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
            ("GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
            ("GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
            ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", "505"),
            ("GET / HTTP/x\r\nHost: h\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +3\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "501"),
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\nab\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", "400"),
            ("POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
            ("POST / HTTP/1.1\r\nHost: h\r\nExpect: magic\r\n\r\n", "417"),
        ]
    )
    func refused(bytes: String, status: String) async throws {
        try await withServer { port, server in
            let client = try RawClient(port: port)
            client.send(bytes)
            let answer = client.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            #expect(answer.contains("Connection: close\r\n"))
            #expect(await server.handled == 0)
        }
    }

    @Test("any bytes at all are answered or dropped, never the end of the server")
    func noise() async throws {
        var generator = SystemRandomNumberGenerator()
        try await withServer { port, _ in
            let seed = Array(
                "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n".utf8
            )
            for _ in 0..<200 {
                var bytes = seed
                for _ in 0..<Int.random(in: 1...6, using: &generator) {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                        in: 0...255,
                        using: &generator
                    )
                }
                let client = try RawClient(port: port)
                client.send(bytes)
                client.finishSending()
                _ = client.readToEnd()
            }
            let client = try RawClient(port: port)
            client.send("GET /alive HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(client.readResponses(1) == ["GET /alive "])
        }
    }
}
