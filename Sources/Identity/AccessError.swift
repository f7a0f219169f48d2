/// Why somebody is not let in, or not that far.
public enum AccessError: Error, Hashable, Sendable {
    /// Neither a token nor a signature came with the request.
    case noCredentials
    /// The token was not given out here, has expired, or has been revoked.
    case unknownToken
    /// The signature does not hold.
    case signatureRefused(SignatureError)
    /// No user has this name and this password; which of the two is wrong is nobody's business.
    case wrongPassword
    /// A way to log in that this server does not know.
    case unknownMethod
    /// The login is for a project that is not the user's.
    case projectNotOffered
    /// The caller is known, but the project of the request is not one of the caller's.
    case foreignProject
    /// The token asked about is another user's.
    case foreignToken
    /// There is no such token to ask about.
    case noSuchToken
}
