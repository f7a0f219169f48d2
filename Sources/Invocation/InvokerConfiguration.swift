import FunctionGraph

/// How functions are run.
public struct InvokerConfiguration: Sendable {
    /// The region in URNs.
    public var region: String
    /// The directory of unpacked code; it exists.
    public var codeDirectory: String
    /// How long an instance waits for its next invocation, in milliseconds of the emulator's clock.
    public var idleMilliseconds: Int64
    /// How undocumented choices are made.
    public var fidelity: Fidelity
    /// The credentials of agencies, by their names.
    public var agencies: [String: AgencyCredentials]
    /// Whether HTTP functions get networks of their own, in which port 8000 is theirs.
    public var isolatesNetworks: Bool

    /// Describes how.
    public init(
        region: String, codeDirectory: String, idleMilliseconds: Int64, fidelity: Fidelity,
        agencies: [String: AgencyCredentials], isolatesNetworks: Bool
    ) {
        self.region = region
        self.codeDirectory = codeDirectory
        self.idleMilliseconds = idleMilliseconds
        self.fidelity = fidelity
        self.agencies = agencies
        self.isolatesNetworks = isolatesNetworks
    }
}
