/// Somebody whom this server has recognised.
public struct Principal: Hashable, Sendable {
    /// The user's id.
    public let id: String
    /// The user's name; an access key that belongs to no user goes by its own.
    public let name: String
    /// The name of the account the user belongs to.
    public let domainName: String
    /// Where the user may work.
    public let projects: ProjectAccess

    /// Describes somebody.
    public init(id: String, name: String, domainName: String, projects: ProjectAccess) {
        self.id = id
        self.name = name
        self.domainName = domainName
        self.projects = projects
    }
}
