import FunctionGraph
import Invocation
import Identity
import Logging

/// Everything a person can decide about a server before it starts.
public struct EmulatorConfiguration: Sendable {
    /// The address or name to listen on.
    public var host: String
    /// The port; 0 picks a free one.
    public var port: UInt16
    /// Where functions are kept; nil for a directory that goes away with the server.
    public var dataDirectory: String?
    /// The file that says where the server can be reached.
    public var readyFile: String?
    /// The region clients are told this is.
    public var region: String
    /// The project of logins that name none.
    public var project: ProjectID
    /// Who may come in.
    public var identity: IdentityConfiguration
    /// Names by which clients may call this host.
    public var allowedHosts: Set<String>
    /// How undocumented choices are made.
    public var fidelity: Fidelity
    /// The directory whose directories are buckets.
    public var bucketRoot: String?
    /// Whether code is fetched from other machines.
    public var allowsNetwork: Bool
    /// How many functions a project may have.
    public var functionQuota = ProjectQuota.functions.standardLimit
    /// After how many seconds a client that waits for a function is given up; 0 for never.
    public var gatewaySeconds = 90
    /// The libraries that runtimes of Python run on, if not on the Python that the worker was built with.
    public var pythonLibraries: [RuntimeLabel: String] = [:]
    /// The file with the credentials that functions get through their agencies; nil if there is none.
    public var agencyFile: String?
    /// Whether HTTP functions get networks of their own.
    public var isolatesNetworks = true
    /// Where messages to topics are posted, by the topics' URNs.
    public var topicEndpoints: [String: String] = [:]
    /// How much of each function's log is kept, in bytes.
    public var logBytesPerFunction = 10 << 20
    /// How long running invocations may take to finish at the end.
    public var graceSeconds: UInt32
    /// How long an instance waits for its next invocation.
    public var idleSeconds: UInt32
    /// Children forked ahead.
    public var spareInstances: Int
    /// What is logged.
    public var logLevel: Logger.Level
    /// How it is written.
    public var logFormat: LogFormat
    /// The emulator's version.
    public var version: String

    /// Whether only this machine can connect.
    var listensOnLoopbackOnly: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// Names everything.
    public init(
        host: String, port: UInt16, dataDirectory: String?, readyFile: String?, region: String,
        project: ProjectID,
        identity: IdentityConfiguration, allowedHosts: Set<String>, fidelity: Fidelity, bucketRoot: String?,
        allowsNetwork: Bool, graceSeconds: UInt32, idleSeconds: UInt32, spareInstances: Int,
        logLevel: Logger.Level,
        logFormat: LogFormat, version: String
    ) {
        self.host = host
        self.port = port
        self.dataDirectory = dataDirectory
        self.readyFile = readyFile
        self.region = region
        self.project = project
        self.identity = identity
        self.allowedHosts = allowedHosts
        self.fidelity = fidelity
        self.bucketRoot = bucketRoot
        self.allowsNetwork = allowsNetwork
        self.graceSeconds = graceSeconds
        self.idleSeconds = idleSeconds
        self.spareInstances = spareInstances
        self.logLevel = logLevel
        self.logFormat = logFormat
        self.version = version
    }
}
