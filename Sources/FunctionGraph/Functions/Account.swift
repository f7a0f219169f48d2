/// What answers say about whose functions these are.
public struct Account: Hashable, Sendable {
    /// The region, `eu-de` for example; it stands in every URN.
    public let region: String
    /// The account's id (`domain_id`).
    public let domainID: String
    /// The project's name (`project_name`), usually that of the region.
    public let projectName: String

    /// Names an account.
    public init(region: String, domainID: String, projectName: String) {
        self.region = region
        self.domainID = domainID
        self.projectName = projectName
    }
}
