import FunctionGraph

/// A token that was given out: whose it is, what it is good for and until when.
public final class Token: Sendable {
    /// What a token is good for.
    public enum Scope: Hashable, Sendable {
        /// One project.
        case project(Project)
        /// The account.
        case domain
        /// Only to ask for another token.
        case nothing
    }

    /// What the client holds.
    public let id: TokenID
    /// Whose it is.
    public let principal: Principal
    /// What it is good for.
    public let scope: Scope
    /// What the client proved itself with, the first time and this time.
    public let methods: [String]
    /// When it was given out.
    public let issuedAt: Timestamp
    /// When it ends.
    public let expiresAt: Timestamp

    /// The project, if it is good for one.
    public var project: Project? {
        if case .project(let project) = scope { project } else { nil }
    }

    init(
        principal: Principal,
        scope: Scope,
        methods: [String],
        issuedAt: Timestamp,
        expiresAt: Timestamp
    ) {
        id = TokenID()
        self.principal = principal
        self.scope = scope
        self.methods = methods
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}
