import Glibc

/// The file that lists users, access keys and projects: YAML, of which JSON is a part.
struct DirectoryFile {
    private static let maximumSize = 1 << 20

    private let root: DirectoryNode

    /// Reads a file.
    ///
    /// - Throws: `DirectoryError` if there is none, or it is no YAML.
    init(path: String) throws(DirectoryError) {
        let text: String
        do throws(DirectoryProblem) {
            text = try Self.read(path)
        } catch {
            throw DirectoryError(place: path, problem: error)
        }
        try self.init(text: text, name: path)
    }

    /// Takes the text of a file.
    ///
    /// - Throws: `DirectoryError` if it is no YAML.
    init(text: String, name: String) throws(DirectoryError) {
        root = try DirectoryNode(parsing: text, file: name)
    }

    /// Enters everything into a directory, in an order in which names are known before they are referred to.
    ///
    /// - Throws: `DirectoryError` for the first entry that is wrong.
    func enter(into directory: inout Directory) throws(DirectoryError) {
        let sections = try root.members(["domain", "projects", "users", "access_keys"])
        if let node = sections["domain"] {
            let name = try node.text()
            try at(node) { () throws(DirectoryProblem) in try directory.set(domainName: name) }
        }
        for (name, node) in try sections["projects"]?.pairs() ?? [] {
            let id = try node.text()
            try at(node) { () throws(DirectoryProblem) in try directory.add(project: name, id: id) }
        }
        for node in try sections["users"]?.list() ?? [] { try enter(user: node, into: &directory) }
        for node in try sections["access_keys"]?.list() ?? [] { try enter(accessKey: node, into: &directory) }
    }

    private func enter(user node: DirectoryNode, into directory: inout Directory) throws(DirectoryError) {
        let members = try node.members(["name", "password", "projects"])
        let name = try required("name", members, node)
        let password = try required("password", members, node)
        let projects = try members["projects"]?.texts()
        try at(node) { () throws(DirectoryProblem) in
            try directory.add(user: name, password: password, projects: projects)
        }
    }

    private func enter(accessKey node: DirectoryNode, into directory: inout Directory) throws(DirectoryError)
    {
        let members = try node.members(["access", "secret", "security_token", "user", "projects"])
        let id = try required("access", members, node)
        let secret = try required("secret", members, node)
        let securityToken = try members["security_token"]?.text()
        let user = try members["user"]?.text()
        let projects = try members["projects"]?.texts()
        try at(node) { () throws(DirectoryProblem) in
            try directory.add(
                accessKey: id,
                secret: secret,
                securityToken: securityToken,
                user: user,
                projects: projects
            )
        }
    }

    private func required(
        _ key: String,
        _ members: [String: DirectoryNode],
        _ node: DirectoryNode
    ) throws(DirectoryError) -> String {
        guard let member = members[key] else { throw node.error(.missing(key)) }
        return try member.text()
    }

    private func at(_ node: DirectoryNode, _ entry: () throws(DirectoryProblem) -> Void)
        throws(DirectoryError)
    {
        do throws(DirectoryProblem) { try entry() } catch { throw node.error(error) }
    }

    private static func read(_ path: String) throws(DirectoryProblem) -> String {
        guard let file = fopen(path, "re") else { throw .notReadable(String(cString: strerror(errno))) }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: maximumSize + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else { throw .notReadable(String(cString: strerror(errno))) }
        guard count <= maximumSize else { throw .notReadable("it is larger than \(maximumSize) bytes") }
        guard let text = String(validating: bytes.prefix(count), as: UTF8.self) else {
            throw .notReadable("it is not UTF-8")
        }
        return text
    }
}
