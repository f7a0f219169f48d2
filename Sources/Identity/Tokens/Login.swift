import FunctionGraph

/// What a client asks a token for, and with what.
public struct Login: Sendable {
    /// What a client proves itself with.
    public enum Proof: Sendable {
        /// A user's password.
        case password(Claim, String)
        /// A token it has already.
        case token(String)
        /// Something else, or nothing.
        case other
    }

    /// What a token is wanted for.
    public enum Wish: Sendable {
        /// The client does not say.
        case unstated
        /// For nothing in particular: to see which projects there are.
        case nothing
        /// For the account.
        case domain
        /// For the project of a name.
        case projectNamed(String)
        /// For the project of an id.
        case project(ProjectID)
    }

    /// What the client proves itself with.
    public var proof: Proof
    /// What the token is wanted for.
    public var wish: Wish

    /// A login.
    public init(_ proof: Proof, for wish: Wish) {
        self.proof = proof
        self.wish = wish
    }
}
