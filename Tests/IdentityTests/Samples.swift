import FunctionGraph
import Testing

@testable import Identity

/// Requests as two clients' own signers made them, and the key they used.
enum Samples {
    static let project = "0123456789abcdef0123456789abcdef"
    static let now = Timestamp("2026-01-02T03:04:05Z")!
    static let key = "access_keys: [{access: emulator-ak, secret: emulator-sk}]"

    /// A directory as a file describes it.
    static func directory(_ yaml: String) throws -> Directory {
        var directory = try Directory(region: "eu-de", defaultProject: ProjectID(project))
        try DirectoryFile(text: yaml, name: "auth.yaml").enter(into: &directory)
        return directory
    }

    /// One request with its signature.
    struct Signed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var request: SignedRequest
        /// The SHA-256 of its canonical form, where the signer told it.
        var canonicalDigest: String?
        let credential: String
        var signedHeaders: String
        let signature: String

        /// The request with its Authorization header.
        var complete: SignedRequest {
            var request = request
            request.headers.append(
                (
                    "authorization",
                    "SDK-HMAC-SHA256 \(credential), SignedHeaders=\(signedHeaders), Signature=\(signature)"
                )
            )
            return request
        }

        var isScoped: Bool { credential.hasPrefix("Credential") }
    }

    static let all = plain + scoped

    /// Of the Python SDK.
    static let plain = [
        Signed(
            testDescription: "A1",
            request: request("GET", "/fgs/functions", query: "marker=0&maxitems=10&package_name=a%20b", json),
            canonicalDigest: "a00b6b6ca9f0468a1a83ec8e0b1a956c7c1952b8286408fe0fa799e2bd2d2fc0",
            credential: "Access=emulator-ak",
            signedHeaders: "content-type;host;x-project-id;x-sdk-date",
            signature: "195fe4e562944e099ce17d59e45ee8bfb5e4d15a2d0706033927645156479168"
        ),
        Signed(
            testDescription: "A2",
            request: request(
                "POST",
                "/fgs/functions/urn%3Afss%3Aeu-de%3A\(project)%3Afunction%3Adefault%3Ahello%3A%21a1/invocations",
                json,
                body: "{\"k\": \"v\"}"
            ),
            canonicalDigest: "144e08237107a1115903569a28d912b4a2e53e4dd14f416e036557fc6a6e40c9",
            credential: "Access=emulator-ak",
            signedHeaders: "content-type;host;x-project-id;x-sdk-date",
            signature: "c67690251493672938fb1f13b1b230c1308531631e0bea7d2795a64326ffe4ce"
        ),
    ]

    /// Of the Go SDK.
    static let scoped = [
        Signed(
            testDescription: "B1",
            request: request("GET", "/fgs/functions", query: "package_name=a+b&marker=0&maxitems=10", go),
            credential: "Credential=emulator-ak/20260102///sdk_request",
            signedHeaders: "accept;host;user-agent;x-sdk-date",
            signature: "bcca0b18bbdf56098334ac7b28ce034212e1808a8428400568c2fd9c0f7d8f47"
        ),
        Signed(
            testDescription: "B2",
            request: request(
                "POST",
                "/fgs/functions/urn:fss:eu-de:\(project):function:default:hello:!a1/invocations-async",
                go + [("Content-Type", "application/json")],
                body: "{\"body\":{\"k\":\"v\"}}"
            ),
            credential: "Credential=emulator-ak/20260102///sdk_request",
            signedHeaders: "accept;content-type;host;user-agent;x-sdk-date",
            signature: "3cba1e824944b0c74bbba8685e2eea070157cf9b74f8939c5130f74217b3767d"
        ),
        Signed(
            testDescription: "B3",
            request: request(
                "POST",
                "/fgs/functions/urn:fss:eu-de:\(project):function:default:hello/invocations",
                go
            ),
            credential: "Credential=emulator-ak/20260102///sdk_request",
            signedHeaders: "accept;host;user-agent;x-sdk-date",
            signature: "68f35178805cecf305a4a3af2d519d6bfaa060fcb78e77d3a80871fc5d17a8ab"
        ),
    ]

    private static let json = [("Content-Type", "application/json"), ("X-Project-Id", project)]
    private static let go = [("Accept", "application/json"), ("User-Agent", "golangsdk/2.0.0")]

    private static func request(
        _ method: String,
        _ path: String,
        query: String = "",
        _ headers: [(String, String)],
        body: String = ""
    ) -> SignedRequest {
        SignedRequest(
            method: method,
            path: Array("/v2/\(project)\(path)".utf8),
            query: Array(query.utf8),
            headers: headers.map { (name: $0.0, value: $0.1) } + [
                ("Host", "127.0.0.1:8080"), ("X-Sdk-Date", "20260102T030405Z"),
            ],
            body: Array(body.utf8)
        )
    }
}
