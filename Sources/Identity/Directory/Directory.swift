import Crypto
import FunctionGraph

/// Everybody who may come in, and the projects they work in.
public struct Directory: Sendable {
    /// The longest name of a user, a project or a domain, in bytes.
    public static let maximumNameLength = 255

    /// The project of the region itself, which logins get that name no other.
    public internal(set) var defaultProject: Project
    /// The account's name, if one is set: logins that name another account are refused then.
    public internal(set) var domainName: String?
    /// The projects whose ids are known, the default project first; others' ids follow from their names.
    public internal(set) var projects: [Project]

    /// By name.
    var users: [String: User] = [:]
    /// By id.
    var accessKeys: [String: AccessKey] = [:]

    /// A directory without users, in which the region's project has the given id.
    public init(region: String, defaultProject id: ProjectID) {
        defaultProject = Project(id: id, name: region)
        projects = [defaultProject]
    }

    /// Whether nobody is entered, so that anybody may log in.
    public var isOpen: Bool { users.isEmpty && accessKeys.isEmpty }

    /// The account's id. Each default project has an account of its own; its digits turned around will do.
    public var domainID: String { String(defaultProject.id.description.reversed()) }

    // MARK: Projects

    /// The project of a name: a known one, or one whose id follows from the name, so that it is the same in
    /// every run.
    public func project(named name: String) -> Project {
        projects.first { $0.name == name } ?? Project(id: Self.derivedProjectID(name), name: name)
    }

    /// The project of an id. One that is not known by name goes by that of the region.
    public func project(_ id: ProjectID) -> Project {
        projects.first { $0.isNamed(by: id.description) } ?? Project(id: id, name: defaultProject.name)
    }

    /// The project of a login that names none: the region's, unless it is not the user's.
    public func homeProject(of principal: Principal) -> Project {
        guard case .only(let projects) = principal.projects, let first = projects.first,
            !principal.projects.includes(defaultProject.id.description)
        else { return defaultProject }
        return first
    }

    /// The projects somebody may use; with a name, the one of that name or none.
    public func projects(of principal: Principal, named name: String? = nil) -> [Project] {
        switch (principal.projects, name) {
        case (.only(let own), let name?): own.filter { $0.name == name }
        case (.only(let own), nil): own
        case (.all, let name?): [project(named: name)]
        case (.all, nil): projects
        }
    }

    // MARK: Recognising

    /// The user of a claim, if the password is the user's. In an open directory it always is.
    func principal(claiming claim: Claim, password: String) -> Principal? {
        if isOpen { return isOwnDomain(of: claim) ? stranger(claim) : nil }
        let user =
            if let name = claim.name { users[name] } else {
                users.values.first { $0.principal.id == claim.id }
            }
        let knowsPassword = (user?.password ?? .unknown).matches(password)
        guard let user, knowsPassword, isOwnDomain(of: claim) else { return nil }
        return user.principal
    }

    /// Whoever a client says it is, for servers that believe everything.
    func stranger(_ claim: Claim) -> Principal {
        let name = claim.name ?? claim.id ?? "local"
        return Principal(
            id: claim.id ?? Self.identifier(of: name),
            name: name,
            domainName: domainName ?? claim.domainName ?? "local",
            projects: .all
        )
    }

    func accessKey(_ id: String) -> AccessKey? { accessKeys[id] }

    /// Whether an access key that needs no security token has this secret. How long this takes says nothing about
    /// the secrets.
    func hasAccessKey(withSecret candidate: String) -> Bool {
        accessKeys.values.reduce(false) { found, key in
            let matches = key.secret.matches(candidate)
            return found || matches && key.securityToken == nil
        }
    }

    private func isOwnDomain(of claim: Claim) -> Bool {
        guard let domainName else { return true }
        if let name = claim.domainName { return name == domainName }
        return claim.domainID.map { $0 == domainID } ?? true
    }

    /// 32 hexadecimal digits that follow from a name.
    static func identifier(of name: String) -> String {
        SHA256.hash(data: Array(name.utf8)).prefix(16).map(Hexadecimal.digits).joined()
    }

    private static func derivedProjectID(_ name: String) -> ProjectID {
        guard let id = try? ProjectID(identifier(of: name)) else {
            preconditionFailure("hexadecimal digits are an id")
        }
        return id
    }
}
