/// How much of each quota a project has: what it has on the platform, but for the number of functions, which is the
/// server's to choose.
public struct ProjectLimits: Sendable {
    /// How many functions a project may have.
    public let functions: Int

    /// The platform's limits, with another number of functions if one is given.
    public init(functions: Int = ProjectQuota.functions.standardLimit) {
        self.functions = functions
    }

    /// The limit of a quota, in its unit.
    public subscript(quota: ProjectQuota) -> Int {
        quota == .functions ? functions : quota.standardLimit
    }
}
