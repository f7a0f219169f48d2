/// Why the users, access keys and projects a server was given cannot be used.
public struct DirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file and line, or the variable and entry.
    let place: String
    /// What is wrong there.
    let problem: DirectoryProblem

    /// One line for the person who started the server. It names no secret.
    public var description: String { "\(place): \(problem)." }
}
