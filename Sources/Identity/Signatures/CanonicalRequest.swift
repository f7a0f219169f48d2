import Crypto

/// A request written down in the one way on which client and server agree, whatever happened to it in
/// between: method, path, query, headers, names of the headers, hash of the payload; a line each.
public struct CanonicalRequest: Sendable {
    /// The value of `X-Sdk-Content-Sha256` with which a client leaves its body unsigned.
    private static let unsignedPayload = "UNSIGNED-PAYLOAD"

    /// The text.
    public let bytes: [UInt8]

    /// Writes a request down as its signature demands.
    ///
    /// - Throws: `SignatureError` `.notOneSigned` for a signed header that is not there or there twice,
    ///   `.otherBody` if the request states a hash that its body does not have.
    public init(_ request: SignedRequest, signedBy header: SignatureHeader) throws(SignatureError) {
        let query = SignedQuery(request.query)
        let canonicalQuery: [UInt8]
        var payload = request.body
        switch header.dialect {
        case .plain:
            canonicalQuery = query.sorted
        case .scoped where request.method == "POST" && request.body.isEmpty:
            // The parameters of such a request count as its body.
            canonicalQuery = []
            payload = query.form
        case .scoped:
            canonicalQuery = query.sortedIgnoringCase
        }
        var lines: [[UInt8]] = [Array(request.method.utf8), Self.path(request.path), canonicalQuery]
        for name in header.signedHeaders {
            guard let value = request.header(name) else { throw .notOneSigned(name) }
            lines.append(Array("\(name):\(Self.value(value, header.dialect))".utf8))
        }
        lines.append([])
        lines.append(Array(header.signedHeaders.joined(separator: ";").utf8))
        lines.append(Array(try Self.hash(of: payload, in: request).utf8))
        bytes = Array(lines.joined(separator: "\n".utf8))
    }

    /// The SHA-256 of the text, in hexadecimal.
    public var digest: String { Hexadecimal.text(SHA256.hash(data: bytes)) }

    /// The path decoded and encoded again, with a slash at the end.
    private static func path(_ path: [UInt8]) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        let encoded = URIEncoding.encode(URIEncoding.decode(path), except: "/")
        return encoded.last == slash ? encoded : encoded + [slash]
    }

    /// A header's value without blanks around it; the scoped dialect also makes one blank of several.
    private static func value(_ value: String, _ dialect: SignatureHeader.Dialect) -> String {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
        guard let first = value.firstIndex(where: { !isBlank($0) }),
            let last = value.lastIndex(where: { !isBlank($0) })
        else { return "" }
        let trimmed = value[first...last]
        return dialect == .plain
            ? String(trimmed) : trimmed.split(whereSeparator: isBlank).joined(separator: " ")
    }

    /// What stands for the payload. A hash that the client states is checked, for otherwise a stated hash
    /// would let any other body pass; leaving the body unsigned is the client's choice, and signed itself.
    private static func hash(of payload: [UInt8], in request: SignedRequest) throws(SignatureError) -> String
    {
        let isStated = request.headers.contains { $0.name == "x-sdk-content-sha256" }
        guard isStated, !request.body.isEmpty else { return Hexadecimal.text(SHA256.hash(data: payload)) }
        guard let stated = request.header("x-sdk-content-sha256") else {
            throw .notOneSigned("x-sdk-content-sha256")
        }
        if stated == unsignedPayload { return stated }
        guard stated.lowercased() == Hexadecimal.text(SHA256.hash(data: payload)) else { throw .otherBody }
        return stated
    }
}
