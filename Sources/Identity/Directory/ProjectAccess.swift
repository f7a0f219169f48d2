/// Which projects somebody may use.
public enum ProjectAccess: Hashable, Sendable {
    /// Whichever the client names.
    case all
    /// These. There is at least one.
    case only([Project])

    /// Whether the project of this id is among them.
    public func includes(_ id: String) -> Bool {
        switch self {
        case .all: true
        case .only(let projects): projects.contains { $0.isNamed(by: id) }
        }
    }
}
