/// Among which triggers no two may conflict.
public enum ConflictScope: Hashable, Sendable {
    /// Those of the same version, or of the same alias, of a function.
    case binding
    /// Those of a function, with all its versions and aliases.
    case function
    /// Those of a project.
    case project
}
