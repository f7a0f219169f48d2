import Testing

@testable import Identity

/// The Authorization header as anybody may send it.
struct SignatureHeaderTests {
    private static let signature = String(repeating: "0f", count: 32)

    private func failure(_ text: String) -> SignatureError? {
        do throws(SignatureError) {
            _ = try SignatureHeader(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "other algorithms are refused",
        arguments: [
            "", " ", "Basic YTpi", "Bearer token", "SDK-HMAC-SM3 Access=a", "V11-HMAC-SHA256 Credential=a",
            "sdk-hmac-sha256 Access=a", "SDK-HMAC-SHA256,Access=a",
        ]
    )
    func algorithm(text: String) {
        #expect(failure(text) == .unknownAlgorithm)
    }

    @Test(
        "what is not of the form is refused",
        arguments: [
            "", "Access=a", "Access=a, SignedHeaders=host;x-sdk-date",
            "Access=a, SignedHeaders=host;x-sdk-date, Signature=",
            "Access=a, SignedHeaders=host;x-sdk-date, Signature=0f",
            "Access=a, SignedHeaders=host;x-sdk-date, Signature=\(signature)0f",
            "Access=a, SignedHeaders=host;x-sdk-date, Signature=\(signature.dropLast())g",
            "Access=a, SignedHeaders=host;x-sdk-date, Signature=\(signature.dropLast(2))é",
            "Access=, SignedHeaders=host;x-sdk-date, Signature=\(signature)",
            "Access=a b, SignedHeaders=host;x-sdk-date, Signature=\(signature)",
            "Access=ä, SignedHeaders=host;x-sdk-date, Signature=\(signature)",
            "Access=a/b, SignedHeaders=host;x-sdk-date, Signature=\(signature)",
            "Access=\(String(repeating: "a", count: 129)), SignedHeaders=host;x-sdk-date, Signature=\(signature)",
            "Access=a, Access=b, SignedHeaders=host;x-sdk-date, Signature=\(signature)",
            "Access=a, Credential=a/1///sdk_request, SignedHeaders=host;x-sdk-date, Signature=\(signature)",
            "Access=a, SignedHeaders=host;host;x-sdk-date, Signature=\(signature)",
            "Access=a, SignedHeaders=, Signature=\(signature)",
            "Access=a, SignedHeaders=host;x-sdk-date, Signature=\(signature), More=1",
            "Credential=a, SignedHeaders=host;x-sdk-date, Signature=\(signature)",
            "Credential=a/1//sdk_request, SignedHeaders=host;x-sdk-date, Signature=\(signature)",
            "Credential=a/1///other, SignedHeaders=host;x-sdk-date, Signature=\(signature)",
            "Credential=a/1////sdk_request, SignedHeaders=host;x-sdk-date, Signature=\(signature)",
            "Credential=/1///sdk_request, SignedHeaders=host;x-sdk-date, Signature=\(signature)",
        ]
    )
    func form(fields: String) {
        #expect(failure("SDK-HMAC-SHA256 \(fields)") == .malformedHeader)
    }

    @Test("a header of unreasonable length is refused before it is read")
    func length() {
        let names = (0..<5_000).map { "h\($0)" }.joined(separator: ";")
        #expect(
            failure("SDK-HMAC-SHA256 Access=a, SignedHeaders=\(names), Signature=\(Self.signature)")
                == .malformedHeader
        )
    }

    @Test("host and date must be signed", arguments: [("x-sdk-date", "host"), ("host;accept", "x-sdk-date")])
    func required(names: String, missing: String) {
        let text = "SDK-HMAC-SHA256 Access=a, SignedHeaders=\(names), Signature=\(Self.signature)"
        #expect(failure(text) == .notSigned(missing))
    }

    @Test("names of headers are taken in any order and case")
    func names() throws {
        let header = try SignatureHeader(
            "SDK-HMAC-SHA256 Access=a,SignedHeaders=X-Sdk-Date;Host;Accept,  Signature=\(Self.signature.uppercased())"
        )
        #expect(header.signedHeaders == ["accept", "host", "x-sdk-date"])
        #expect(header.signature == [UInt8](repeating: 0x0F, count: 32))
    }

    @Test("no bytes make the parser or the verifier crash")
    func noise() throws {
        let verifier = SignatureVerifier(try Samples.directory(Samples.key))
        var generator = SystemRandomNumberGenerator()
        let pieces = [
            "SDK-HMAC-SHA256", " ", ",", "=", ";", "/", "%", "%4", "%zz", "Access", "Credential",
            "SignedHeaders",
            "Signature", "host", "x-sdk-date", "sdk_request", "\u{0}", "é", "😀", "&", "+", Self.signature,
        ]
        func noise() -> String {
            (0..<Int.random(in: 0...12)).map { _ in pieces.randomElement(using: &generator)! }.joined()
        }
        for _ in 0..<5_000 {
            var request = Samples.all.randomElement(using: &generator)!.complete
            request.path = Array(noise().utf8)
            request.query = Array(noise().utf8)
            request.headers = request.headers.map { Bool.random() ? $0 : ($0.name, noise()) }
            request.body = Array(noise().utf8)
            #expect(throws: SignatureError.self) { try verifier.principal(of: request, at: Samples.now) }
        }
    }
}
