/// A file of agencies that cannot be used.
public struct AgencyFileError: Error, CustomStringConvertible {
    let path: String
    let problem: String

    /// Which file, and what is wrong with it.
    public var description: String { "the agencies in \(path) cannot be used: \(problem)." }
}
