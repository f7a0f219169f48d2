import FunctionGraph

/// What the API tells clients about the place it pretends to be.
public struct APIConfiguration: Sendable {
    /// The region, such as `eu-de`.
    public var region: String
    /// The project that logins without another project get.
    public var defaultProject: ProjectID
    /// The account.
    public var domainID: String
    /// The emulator's version.
    public var version: String
    /// Who may not call.
    public var browserGuard: BrowserGuard
    /// How undocumented choices are made.
    public var fidelity: Fidelity
    /// After how many seconds a client that waits for a function is given up; 0 for never.
    public var gatewaySeconds = 90

    /// Describes the place.
    public init(
        region: String, defaultProject: ProjectID, domainID: String, version: String,
        browserGuard: BrowserGuard,
        fidelity: Fidelity
    ) {
        self.region = region
        self.defaultProject = defaultProject
        self.domainID = domainID
        self.version = version
        self.browserGuard = browserGuard
        self.fidelity = fidelity
    }
}
