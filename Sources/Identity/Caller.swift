/// Whose request it is.
public enum Caller: Sendable {
    /// Somebody nobody asked: the server is lenient.
    case anyone
    /// The holder of a token.
    case token(Token)
    /// The holder of an access key, who signed the request.
    case accessKey(Principal)

    /// Whether the request may work in the project of this id.
    public func mayUse(project id: String) -> Bool {
        switch self {
        case .anyone: true
        case .token(let token): token.project?.isNamed(by: id) ?? false
        case .accessKey(let principal): principal.projects.includes(id)
        }
    }
}
