import FunctionGraph

/// How a directory is filled: each entry is checked as it comes, and may refer to those before it.
extension Directory {
    /// Sets the account's name.
    ///
    /// - Throws: `DirectoryProblem` if it is empty or too long.
    mutating func set(domainName: String) throws(DirectoryProblem) {
        self.domainName = try Self.checked(domainName)
    }

    /// Enters a project. The region's own name sets the default project's id.
    ///
    /// - Throws: `DirectoryProblem`, also when the name or the id is another project's.
    mutating func add(project name: String, id: String) throws(DirectoryProblem) {
        let name = try Self.checked(name)
        guard let id = try? ProjectID(id) else { throw .badProjectID }
        let project = Project(id: id, name: name)
        if name == defaultProject.name {
            projects.removeFirst()
            defaultProject = project
            projects.insert(project, at: 0)
        } else {
            guard !projects.contains(where: { $0.name == name }) else { throw .repeated }
            projects.append(project)
        }
        guard projects.filter({ $0.isNamed(by: id.description) }).count == 1 else { throw .repeatedProjectID }
    }

    /// Enters a user.
    ///
    /// - Parameter projects: The names of the projects the user may use; nil for all.
    /// - Throws: `DirectoryProblem`, also when there is a user of this name.
    mutating func add(user name: String, password: String, projects: [String]?) throws(DirectoryProblem) {
        let name = try Self.checked(name)
        let password = try Self.secret(password)
        guard users[name] == nil else { throw .repeated }
        users[name] = User(principal: try principal(name, projects), password: password)
    }

    /// Enters an access key.
    ///
    /// - Parameters:
    ///   - user: The name of the user it belongs to, entered before.
    ///   - projects: The names of the projects it may be used for; nil for the user's, or for all.
    /// - Throws: `DirectoryProblem`, also when there is a key of this id.
    mutating func add(
        accessKey id: String,
        secret: String,
        securityToken: String? = nil,
        user: String? = nil,
        projects: [String]? = nil
    ) throws(DirectoryProblem) {
        guard SignatureHeader.isAccessKey(id) else { throw .badAccessKey }
        let secret = try Self.secret(secret)
        let securityToken = try securityToken.map(Self.secret)
        guard accessKeys[id] == nil else { throw .repeated }
        let owner: Principal
        if let user {
            guard let known = users[user] else { throw .unknownUser }
            owner = try projects == nil ? known.principal : principal(user, projects)
        } else {
            owner = try principal(id, projects)
        }
        accessKeys[id] = AccessKey(principal: owner, secret: secret, securityToken: securityToken)
    }

    private func principal(_ name: String, _ projects: [String]?) throws(DirectoryProblem) -> Principal {
        var access = ProjectAccess.all
        if let projects {
            guard !projects.isEmpty else { throw .noProjects }
            var own: [Project] = []
            for name in projects { own.append(project(named: try Self.checked(name))) }
            access = .only(own)
        }
        return Principal(
            id: Self.identifier(of: name),
            name: name,
            domainName: domainName ?? "local",
            projects: access
        )
    }

    private static func secret(_ text: String) throws(DirectoryProblem) -> Secret {
        guard let secret = Secret(text) else { throw .badSecret }
        return secret
    }

    private static func checked(_ name: String) throws(DirectoryProblem) -> String {
        guard 1...maximumNameLength ~= name.utf8.count,
            !name.unicodeScalars.contains(where: { $0.value < 0x20 })
        else { throw .badName }
        return name
    }
}
