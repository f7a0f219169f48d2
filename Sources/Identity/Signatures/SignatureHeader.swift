/// The `Authorization` header of a signed request, in one of the two dialects clients speak:
///
///     SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=…
///     SDK-HMAC-SHA256 Credential=AK/20260102/REGION/SERVICE/sdk_request, SignedHeaders=…, Signature=…
public struct SignatureHeader: Hashable, Sendable {
    /// How the key is made and the request is written down.
    public enum Dialect: Hashable, Sendable {
        /// `Access=`: the secret is the key.
        case plain
        /// `Credential=`: the key follows from the secret and the scope.
        case scoped(SignatureScope)
    }

    /// The longest id of an access key.
    public static let maximumAccessKeyLength = 128
    /// The name of the algorithm, with which the header begins.
    static let algorithm = "SDK-HMAC-SHA256"
    private static let maximumLength = 8_192

    /// The id of the access key.
    public let accessKey: String
    /// The dialect.
    public let dialect: Dialect
    /// The names of the signed headers, in lower case and sorted.
    public let signedHeaders: [String]
    /// The signature, 32 bytes.
    public let signature: [UInt8]

    /// Reads a header.
    ///
    /// - Throws: `SignatureError` `.unknownAlgorithm`, `.malformedHeader`, or `.notSigned` if `host` or
    ///   `x-sdk-date` is not among the signed headers.
    public init(_ text: String) throws(SignatureError) {
        guard text.utf8.count <= Self.maximumLength else { throw .malformedHeader }
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.first.map(String.init) == Self.algorithm else { throw .unknownAlgorithm }
        var fields: [Substring: Substring] = [:]
        for field in parts.dropFirst().first?.split(separator: ",") ?? [] {
            let pair = field.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, fields.updateValue(pair[1], forKey: pair[0]) == nil else {
                throw .malformedHeader
            }
        }
        guard fields.count == 3, let names = fields["SignedHeaders"],
            let signature = fields["Signature"].flatMap(Hexadecimal.bytes), signature.count == 32
        else { throw .malformedHeader }
        if let access = fields["Access"] {
            accessKey = String(access)
            dialect = .plain
        } else if let credential = fields["Credential"] {
            let parts = credential.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let scope = SignatureScope(parts[1]) else { throw .malformedHeader }
            accessKey = String(parts[0])
            dialect = .scoped(scope)
        } else {
            throw .malformedHeader
        }
        guard Self.isAccessKey(accessKey) else { throw .malformedHeader }
        self.signature = signature
        signedHeaders = names.lowercased().split(separator: ";").map(String.init).sorted()
        guard Set(signedHeaders).count == signedHeaders.count else { throw .malformedHeader }
        for name in ["host", "x-sdk-date"] where !signedHeaders.contains(name) { throw .notSigned(name) }
    }

    /// Whether a text can be the id of an access key: nothing in it could be mistaken for the header's own
    /// marks.
    static func isAccessKey(_ text: String) -> Bool {
        1...maximumAccessKeyLength ~= text.utf8.count
            && text.utf8.allSatisfy { URIEncoding.isUnreserved($0) && $0 != UInt8(ascii: "~") }
    }
}
