import FunctionGraph
import Testing

@testable import Identity

/// Signatures that the clients' own signers made.
struct SignatureTests {
    private let verifier: SignatureVerifier

    init() throws {
        verifier = SignatureVerifier(try Samples.directory(Samples.key))
    }

    private func failure(_ request: SignedRequest, at now: Timestamp = Samples.now) -> SignatureError? {
        do throws(SignatureError) {
            _ = try verifier.principal(of: request, at: now)
            return nil
        } catch {
            return error
        }
    }

    @Test("a signature of a real client holds", arguments: Samples.all)
    func holds(sample: Samples.Signed) throws {
        #expect(try verifier.principal(of: sample.complete, at: Samples.now).name == "emulator-ak")
    }

    @Test("a request is written down byte for byte as the client did", arguments: Samples.plain)
    func canonicalDigest(sample: Samples.Signed) throws {
        let header = try SignatureHeader(try #require(sample.complete.header("authorization")))
        #expect(try CanonicalRequest(sample.complete, signedBy: header).digest == sample.canonicalDigest)
    }

    @Test("the canonical form of a request is the documented one")
    func canonicalText() throws {
        let request = Samples.plain[0].complete
        let header = try SignatureHeader(try #require(request.header("authorization")))
        let text = """
            GET
            /v2/0123456789abcdef0123456789abcdef/fgs/functions/
            marker=0&maxitems=10&package_name=a%20b
            content-type:application/json
            host:127.0.0.1:8080
            x-project-id:0123456789abcdef0123456789abcdef
            x-sdk-date:20260102T030405Z

            content-type;host;x-project-id;x-sdk-date
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
            """
        #expect(
            String(decoding: try CanonicalRequest(request, signedBy: header).bytes, as: UTF8.self) == text
        )
    }

    @Test("the way a client happens to write a path or a query makes no difference", arguments: Samples.all)
    func spelling(sample: Samples.Signed) {
        var request = sample.complete
        let path = String(decoding: request.path, as: UTF8.self)
        request.path = Array(
            (path.contains("%3A")
                ? path.replacing("%3A", with: ":").replacing("%21", with: "!")
                : path.replacing(":", with: "%3a")).utf8
        )
        let query = String(decoding: request.query, as: UTF8.self)
        request.query = Array(
            query.split(separator: "&").reversed().joined(separator: "&").replacing("a%20b", with: "%61+b")
                .utf8
        )
        #expect(failure(request) == nil)
        request.path.append(UInt8(ascii: "/"))
        #expect(failure(request) == nil)
    }

    // MARK: Tampering

    @Test("another method is refused", arguments: Samples.all)
    func method(sample: Samples.Signed) {
        var request = sample.complete
        request.method = "DELETE"
        #expect(failure(request) == .mismatch)
    }

    @Test("another path is refused", arguments: Samples.all)
    func path(sample: Samples.Signed) {
        var request = sample.complete
        request.path.append(contentsOf: "x".utf8)
        #expect(failure(request) == .mismatch)
    }

    @Test("another query is refused, also where the request has no body", arguments: Samples.all)
    func query(sample: Samples.Signed) {
        var request = sample.complete
        request.query += Array("&more=1".utf8)
        #expect(failure(request) == .mismatch)
    }

    @Test("another body is refused", arguments: Samples.all)
    func body(sample: Samples.Signed) {
        var request = sample.complete
        request.body.append(UInt8(ascii: "\n"))
        #expect(failure(request) == .mismatch)
    }

    @Test("another value of any signed header is refused", arguments: Samples.all)
    func header(sample: Samples.Signed) {
        for name in sample.signedHeaders.split(separator: ";").map(String.init) where name != "x-sdk-date" {
            var request = sample.complete
            request.headers = request.headers.map { $0.name == name ? ($0.name, $0.value + "0") : $0 }
            #expect(failure(request) == .mismatch, "\(name)")
        }
    }

    @Test("another date is refused, even one of a second later", arguments: Samples.all)
    func date(sample: Samples.Signed) {
        var request = sample.complete
        request.headers = request.headers.map { $0.name == "x-sdk-date" ? ($0.name, "20260102T030406Z") : $0 }
        #expect(failure(request) == .mismatch)
    }

    @Test("a signed header that is missing or there twice is refused", arguments: Samples.all)
    func headerCount(sample: Samples.Signed) {
        for name in sample.signedHeaders.split(separator: ";").map(String.init) {
            var request = sample.complete
            request.headers.removeAll { $0.name == name }
            #expect(failure(request) == .notOneSigned(name))
            request = sample.complete
            request.headers += request.headers.filter { $0.name == name }
            #expect(failure(request) == .notOneSigned(name))
        }
    }

    @Test("an unsigned header may have any value", arguments: Samples.all)
    func unsignedHeader(sample: Samples.Signed) {
        var request = sample.complete
        request.headers.append(("accept-encoding", "gzip"))
        #expect(failure(request) == nil)
    }

    @Test("a changed signature is refused, whichever bit of it", arguments: Samples.all)
    func signature(sample: Samples.Signed) {
        for index in 0..<64 {
            var digits = Array(sample.signature)
            digits[index] = digits[index] == "0" ? "1" : "0"
            var request = sample.request
            request.headers.append(
                (
                    "authorization",
                    "SDK-HMAC-SHA256 \(sample.credential), SignedHeaders=\(sample.signedHeaders), "
                        + "Signature=\(String(digits))"
                )
            )
            #expect(failure(request) == .mismatch)
        }
    }

    @Test("an unknown access key and a wrong secret are refused alike", arguments: Samples.all)
    func key(sample: Samples.Signed) throws {
        for yaml in [
            "access_keys: [{access: another-ak, secret: emulator-sk}]",
            "access_keys: [{access: emulator-ak, secret: another-sk}]",
        ] {
            let verifier = SignatureVerifier(try Samples.directory(yaml))
            #expect(throws: SignatureError.mismatch) {
                try verifier.principal(of: sample.complete, at: Samples.now)
            }
        }
    }

    @Test("another region, service or day of the scope is refused")
    func scope() {
        for (credential, expected) in [
            ("emulator-ak/20260102/eu-de//sdk_request", SignatureError.mismatch),
            ("emulator-ak/20260102//fgs/sdk_request", .mismatch),
            ("emulator-ak/20260103///sdk_request", .badDate),
        ] {
            let sample = Samples.scoped[0]
            var request = sample.request
            request.headers.append(
                (
                    "authorization",
                    "SDK-HMAC-SHA256 Credential=\(credential), SignedHeaders=\(sample.signedHeaders), "
                        + "Signature=\(sample.signature)"
                )
            )
            #expect(failure(request) == expected)
        }
    }

    // MARK: Dates

    @Test("a signature is good for fifteen minutes before and after its date", arguments: Samples.all)
    func skew(sample: Samples.Signed) {
        let minutes: Int64 = 60_000
        for distance in [-15 * minutes, 15 * minutes] {
            #expect(failure(sample.complete, at: Samples.now.advanced(byMilliseconds: distance)) == nil)
        }
        for distance in [-15 * minutes - 1, 15 * minutes + 1, 24 * 60 * minutes, -60 * 24 * 60 * minutes] {
            #expect(failure(sample.complete, at: Samples.now.advanced(byMilliseconds: distance)) == .skewed)
        }
    }

    @Test(
        "what is no date is refused",
        arguments: [
            "", "20260102", "20260102T030405", "20260102T030405z", "20260102t030405Z", "20261302T030405Z",
            "20260230T030405Z", "20260102T240405Z", "2026-01-02T03:04", "２０２６0102T03Z", "+0260102T030405Z",
        ]
    )
    func badDate(text: String) {
        var request = Samples.plain[0].complete
        request.headers = request.headers.map { $0.name == "x-sdk-date" ? ($0.name, text) : $0 }
        #expect(failure(request) == .badDate)
    }

    // MARK: Bodies

    @Test("a stated hash of another body is refused, also when it is what was signed")
    func statedHash() {
        var request = Samples.plain[1].complete
        let hash = "4be281edc378f1c5e5eb9c15f9dbf5a80da2977981850f93553d5d70b75f1626"
        request.headers.append(("x-sdk-content-sha256", hash))
        #expect(failure(request) == nil)
        request.body = Array("{\"k\": \"w\"}".utf8)
        #expect(failure(request) == .otherBody)
        request.body = Samples.plain[1].request.body
        request.headers[request.headers.count - 1].value = String(repeating: "0", count: 64)
        #expect(failure(request) == .otherBody)
    }

    @Test("a body is left unsigned only by who signs")
    func unsignedPayload() {
        var request = Samples.plain[1].complete
        request.headers.append(("x-sdk-content-sha256", "UNSIGNED-PAYLOAD"))
        #expect(failure(request) == .mismatch)
    }

    @Test("the stated hash of an empty body is not looked at")
    func statedHashWithoutBody() {
        var request = Samples.plain[0].complete
        request.headers.append(("x-sdk-content-sha256", "UNSIGNED-PAYLOAD"))
        #expect(failure(request) == nil)
    }

    // MARK: Temporary keys

    @Test("a temporary key needs its security token, a permanent one must not have any")
    func securityToken() throws {
        let temporary = SignatureVerifier(
            try Samples.directory(
                "access_keys: [{access: emulator-ak, secret: emulator-sk, security_token: st}]"
            )
        )
        var request = Samples.scoped[0].complete
        #expect(throws: SignatureError.mismatch) { try temporary.principal(of: request, at: Samples.now) }
        request.headers.append(("x-security-token", "ts"))
        #expect(throws: SignatureError.mismatch) { try temporary.principal(of: request, at: Samples.now) }
        #expect(failure(request) == .mismatch)
        request.headers[request.headers.count - 1].value = "st"
        #expect(try temporary.principal(of: request, at: Samples.now).name == "emulator-ak")
    }
}
