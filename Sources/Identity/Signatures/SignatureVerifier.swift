import Crypto
import FunctionGraph

/// Checks signatures of the algorithm SDK-HMAC-SHA256.
public struct SignatureVerifier: Sendable {
    /// How far a request's date may be from the server's time, either way.
    public static let permittedSkewMilliseconds: Int64 = 15 * 60 * 1_000

    private let directory: Directory

    /// A verifier for the access keys of a directory.
    public init(_ directory: Directory) {
        self.directory = directory
    }

    /// Whose request it is.
    ///
    /// - Parameter now: The time of the clients' clocks, that is, the real one.
    /// - Throws: `SignatureError`. An unknown key and a wrong secret are told apart neither by the error nor
    ///   by the time it takes.
    public func principal(of request: SignedRequest, at now: Timestamp) throws(SignatureError) -> Principal {
        guard let text = request.header("authorization") else { throw .notOneHeader }
        let header = try SignatureHeader(text)
        guard let dateText = request.header("x-sdk-date") else { throw .notOneSigned("x-sdk-date") }
        guard let date = Timestamp(signatureDate: dateText) else { throw .badDate }
        if case .scoped(let scope) = header.dialect, scope.day != dateText.prefix(8) { throw .badDate }
        guard abs(date.milliseconds - now.milliseconds) <= Self.permittedSkewMilliseconds else {
            throw .skewed
        }
        let canonicalRequest = try CanonicalRequest(request, signedBy: header)
        let key = directory.accessKey(header.accessKey)
        let holds = HMAC<SHA256>.isValidAuthenticationCode(
            header.signature,
            authenticating: Self.stringToSign(canonicalRequest, dateText, header.dialect),
            using: Self.key(key?.secret ?? .unknown, header.dialect)
        )
        guard let key, holds, key.accepts(securityToken: request.header("x-security-token")) else {
            throw .mismatch
        }
        return key.principal
    }

    private static func stringToSign(
        _ request: CanonicalRequest,
        _ date: String,
        _ dialect: SignatureHeader.Dialect
    ) -> [UInt8] {
        let lines =
            switch dialect {
            case .plain: [SignatureHeader.algorithm, date, request.digest]
            case .scoped(let scope): [SignatureHeader.algorithm, date, scope.description, request.digest]
            }
        return Array(lines.joined(separator: "\n").utf8)
    }

    private static func key(_ secret: Secret, _ dialect: SignatureHeader.Dialect) -> SymmetricKey {
        guard case .scoped(let scope) = dialect else { return secret.key() }
        return [scope.day, scope.region, scope.service, SignatureScope.terminator]
            .reduce(secret.key(after: "SDK")) { key, part in
                SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
            }
    }
}
