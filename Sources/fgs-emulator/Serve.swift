import ArgumentParser
import Emulator
import FunctionGraph
import Glibc
import Identity
import Logging

/// `fgs-emulator serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve until interrupted.",
        discussion: """
            Prints one line to standard output when it accepts connections; the log goes to standard error.
            An interrupt (Ctrl-C) or SIGTERM lets running invocations finish; a second one stops at once.
            """
    )

    @Option(help: "The address or name to listen on. Others than loopback let the whole network in.")
    var host = Environment.value("HOST", or: "127.0.0.1")

    @Option(help: "The port; 0 picks a free one.")
    var port: UInt16 = Environment.value("PORT", or: 8380)

    @Option(help: ArgumentHelp("Where functions are kept between runs.", valueName: "dir"))
    var dataDir = Environment.value("DATA_DIR", or: ".fgs-emulator")

    @Flag(inversion: .prefixedNo, help: "Keep nothing: use a temporary directory, removed at the end.")
    var ephemeral = Environment.flag("EPHEMERAL")

    @Option(
        help: ArgumentHelp("Write {\"url\", \"port\", \"pid\"} to this file when ready.", valueName: "path"))
    var readyFile: String?

    @Option(help: "The region that clients are told this is.")
    var region = Environment.value("REGION", or: "eu-de")

    @Option(help: ArgumentHelp("The project that logins get unless they name another.", valueName: "id"))
    var projectID = Environment.value("PROJECT_ID", or: "0123456789abcdef0123456789abcdef")

    @Option(
        help: ArgumentHelp(
            "Who may come in: lenient takes any login, token and signature; strict checks them.",
            valueName: "mode"))
    var auth = Environment.choice("AUTH", or: AuthenticationMode.lenient)

    @Option(
        help: ArgumentHelp(
            "Users, access keys and projects, as YAML or JSON; see docs/identity.md.", valueName: "path"))
    var authFile: String?

    @Option(
        help: ArgumentHelp(
            "A name by which clients know this host, such as fgs.example.com. Can be repeated.",
            valueName: "name"))
    var allowHost = Environment.list("ALLOW_HOST")

    @Option(
        help: ArgumentHelp(
            "Decide what the platform's documents leave open, see GET /_emulator/fidelity. Can be repeated.",
            valueName: "choice=value"))
    var fidelity = Environment.list("FIDELITY")

    @Option(help: ArgumentHelp("A directory whose directories are OBS buckets.", valueName: "dir"))
    var obsRoot: String?

    @Flag(inversion: .prefixedNo, help: "Fetch code that a request only names from other machines.")
    var remoteCode = Environment.flag("REMOTE_CODE", or: true)

    @Option(
        help: ArgumentHelp(
            "Credentials that functions get through their agencies, as YAML or JSON; see docs/identity.md.",
            valueName: "path"))
    var agencyFile: String?

    @Option(
        help: ArgumentHelp(
            "Where messages to a topic are posted; they can be read at /_emulator/notifications anyway. Can be repeated.",
            valueName: "topic-urn=url"))
    var smnEndpoint = Environment.list("SMN_ENDPOINT")

    @Option(
        help: ArgumentHelp(
            "The libpython that functions of a runtime run on, instead of the built-in one. Can be repeated.",
            valueName: "runtime=library"))
    var python = Environment.list("PYTHON")

    @Option(
        help: ArgumentHelp(
            """
            Whether each HTTP function has port 8000 for itself: isolated, or shared to let it reach other services. It \
            is to listen on the port in FGS_HTTP_PORT then.
            """,
            valueName: "mode"))
    var httpNetwork = Environment.choice("HTTP_NETWORK", or: HTTPNetwork.isolated)

    @Option(
        help: ArgumentHelp("How much of each function's log is kept, for a week.", valueName: "mebibytes"))
    var logSize: UInt16 = Environment.value("LOG_SIZE", or: 10)

    @Option(
        help: ArgumentHelp(
            "How many functions a project may have; on the platform it is 400.", valueName: "number"))
    var functionQuota: UInt32 = Environment.value("FUNCTION_QUOTA", or: 400)

    @Option(help: ArgumentHelp("How long to wait for running invocations at the end.", valueName: "seconds"))
    var grace: UInt32 = Environment.value("GRACE", or: 10)

    @Option(
        help: ArgumentHelp(
            "When a client that waits for a function gets 504, as from the platform's gateway; 0 for never.",
            valueName: "seconds"))
    var gatewayTimeout: UInt32 = Environment.value("GATEWAY_TIMEOUT", or: 90)

    @Option(help: ArgumentHelp("How long an instance waits for its next invocation.", valueName: "seconds"))
    var idleTimeout: UInt32 = Environment.value("IDLE_TIMEOUT", or: 60)

    @Option(
        help: ArgumentHelp(
            "Children forked ahead for functions that have not run yet.", valueName: "count"))
    var spareInstances: UInt8 = Environment.value("SPARE_INSTANCES", or: 2)

    @Option(help: "How much is logged: \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")).")
    var logLevel = Environment.choice("LOG_LEVEL", or: Logger.Level.info)

    @Option(help: "How log lines are written: text or json.")
    var logFormat = Environment.choice("LOG_FORMAT", or: LogFormat.text)

    private var choices: Fidelity {
        get throws {
            var choices = try Self.choicesOfEnvironment()
            for text in fidelity {
                let parts = text.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else {
                    throw ValidationError("--fidelity \(text): expected choice=value, as in str_result=json.")
                }
                do throws(FidelityError) {
                    try choices.choose(String(parts[0]), String(parts[1]))
                } catch {
                    throw ValidationError(error.description)
                }
            }
            return choices
        }
    }

    private static func choicesOfEnvironment() throws -> Fidelity {
        do throws(FidelityError) {
            return try Fidelity { name in getenv(name).map { String(cString: $0) } }
        } catch {
            throw ValidationError(error.description)
        }
    }

    func validate() throws {
        try Environment.check()
        _ = try choices
        _ = try project
        _ = try topicEndpoints
        _ = try pythonLibraries
    }

    /// Secrets come from the environment or a file: the whole machine can read command lines.
    private var identity: IdentityConfiguration {
        IdentityConfiguration(
            mode: auth, file: authFile ?? Environment.optional("AUTH_FILE"), users: Environment.list("USERS"),
            accessKeys: Environment.list("ACCESS_KEYS"))
    }

    private var topicEndpoints: [String: String] {
        get throws {
            var endpoints: [String: String] = [:]
            for text in smnEndpoint {
                let parts = text.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[1].hasPrefix("http://") || parts[1].hasPrefix("https://") else {
                    throw ValidationError(
                        "--smn-endpoint \(text): expected topic-urn=url, with a URL that begins with http:// or https://."
                    )
                }
                endpoints[String(parts[0])] = String(parts[1])
            }
            return endpoints
        }
    }

    private var pythonLibraries: [RuntimeLabel: String] {
        get throws {
            var libraries: [RuntimeLabel: String] = [:]
            for text in python {
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2, let runtime = RuntimeLabel(rawValue: parts[0]),
                    runtime.family == .python
                else {
                    let names = RuntimeLabel.allCases.filter { $0.family == .python }.map(\.rawValue)
                    throw ValidationError(
                        "--python \(text): expected runtime=library, with the path of a libpython and one of "
                            + "\(names.joined(separator: ", ")).")
                }
                libraries[runtime] = parts[1]
            }
            return libraries
        }
    }

    private var project: ProjectID {
        get throws {
            do throws(FGSError) {
                return try ProjectID(projectID)
            } catch {
                throw ValidationError("--project-id: \(error.message)")
            }
        }
    }

    func run() async throws {
        var configuration = EmulatorConfiguration(
            host: host, port: port, dataDirectory: ephemeral ? nil : dataDir,
            readyFile: readyFile ?? Environment.optional("READY_FILE"), region: region,
            project: try project, identity: identity, allowedHosts: Set(allowHost + [host]),
            fidelity: try choices,
            bucketRoot: obsRoot ?? Environment.optional("OBS_ROOT"), allowsNetwork: remoteCode,
            graceSeconds: grace, idleSeconds: idleTimeout, spareInstances: Int(spareInstances),
            logLevel: logLevel, logFormat: logFormat, version: Version.current)
        configuration.topicEndpoints = try topicEndpoints
        configuration.functionQuota = Int(functionQuota)
        configuration.gatewaySeconds = Int(gatewayTimeout)
        configuration.pythonLibraries = try pythonLibraries
        configuration.isolatesNetworks = httpNetwork == .isolated
        configuration.logBytesPerFunction = Int(max(1, logSize)) << 20
        configuration.agencyFile = agencyFile ?? Environment.optional("AGENCY_FILE")
        let code = await EmulatorProcess.run(configuration)
        throw ExitCode(code)
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
extension LogFormat: ExpressibleByArgument {}
extension HTTPNetwork: ExpressibleByArgument {}
extension AuthenticationMode: ExpressibleByArgument {}
