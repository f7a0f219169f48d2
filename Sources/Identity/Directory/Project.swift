import FunctionGraph

/// A project: a world of functions of its own.
public struct Project: Hashable, Sendable {
    /// Its id, which stands in paths and URNs.
    public let id: ProjectID
    /// Its name, by which clients log in.
    public let name: String

    /// Names a project.
    public init(id: ProjectID, name: String) {
        self.id = id
        self.name = name
    }

    /// Whether a path names this project. Ids are compared by their bytes: to `String`, an accented letter
    /// equals a letter and its accent, but they are two projects.
    public func isNamed(by id: String) -> Bool { self.id.description.utf8.elementsEqual(id.utf8) }
}
