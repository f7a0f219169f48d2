/// Why a signature does not hold.
public enum SignatureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The request has no Authorization header, or more than one.
    case notOneHeader
    /// The Authorization header names another algorithm.
    case unknownAlgorithm
    /// The Authorization header is not of the algorithm's form.
    case malformedHeader
    /// A header that has to be signed is not.
    case notSigned(String)
    /// A signed header is not there, or there twice.
    case notOneSigned(String)
    /// `X-Sdk-Date` is no date of the form `YYYYMMDDTHHMMSSZ`, or not the day of the credential.
    case badDate
    /// `X-Sdk-Date` is too far from the server's time.
    case skewed
    /// `X-Sdk-Content-Sha256` is not the hash of the body.
    case otherBody
    /// The key is unknown, or the secret is another one, or what was signed is not what arrived.
    case mismatch

    /// The reason, where knowing it helps a client and no attacker; empty otherwise.
    public var description: String {
        switch self {
        case .notOneHeader: "there must be one Authorization header"
        case .unknownAlgorithm: "the algorithm must be SDK-HMAC-SHA256"
        case .malformedHeader:
            "the Authorization header must read SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…"
        case .notSigned(let name): "the header \(name) must be signed"
        case .notOneSigned(let name): "the signed header \(name.prefix(64)) must be there once"
        case .badDate: "X-Sdk-Date must read YYYYMMDDTHHMMSSZ, and be of the credential's day"
        case .skewed: "X-Sdk-Date is more than 15 minutes from the server's time"
        case .otherBody: "X-Sdk-Content-Sha256 is not the hash of the body"
        case .mismatch: ""
        }
    }
}
