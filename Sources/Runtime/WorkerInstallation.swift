import Glibc

/// Where the worker's executable and the files it needs are.
public struct WorkerInstallation: Sendable {
    /// The path of `fgs-python-worker`.
    public let executable: String
    /// The path of the worker that runs on a shared libpython; nil if it is not installed.
    public let sharedExecutable: String?
    /// The directory that holds the Python package `fgs_runtime`.
    public let runtimes: String
    /// The directory of the templates that functions can be made from.
    public let templates: String
    /// Directories of installed Python packages, for the end of every handler's `sys.path`.
    public let packages: [String]

    /// Names the files of an installation.
    public init(
        executable: String, sharedExecutable: String? = nil, runtimes: String, templates: String,
        packages: [String]
    ) {
        self.executable = executable
        self.sharedExecutable = sharedExecutable
        self.runtimes = runtimes
        self.templates = templates
        self.packages = packages
    }

    /// Finds the worker beside the server's own executable, and `runtimes/python` in the nearest directory
    /// above it (a checkout) or under `share/fgs-emulator` (an installation).
    ///
    /// - Throws: `WorkerInstallationError` naming what is missing.
    public static func find() throws(WorkerInstallationError) -> WorkerInstallation {
        let server = try ownExecutable()
        let directory = parent(of: server)
        let worker = "\(directory)/fgs-python-worker"
        guard access(worker, X_OK) == 0 else { throw .missing("the worker's executable", at: [worker]) }
        let shared = "\(worker)-shared"
        var candidates: [String] = ["\(parent(of: directory))/share/fgs-emulator/runtimes/python"]
        var above = directory
        while above != "/" {
            candidates.append("\(above)/runtimes/python")
            above = parent(of: above)
        }
        guard let runtimes = candidates.first(where: { access("\($0)/fgs_runtime", R_OK) == 0 }) else {
            throw .missing("the Python runtime package", at: candidates)
        }
        return WorkerInstallation(
            executable: worker,
            sharedExecutable: access(shared, X_OK) == 0 ? shared : nil,
            runtimes: runtimes,
            templates: "\(parent(of: parent(of: runtimes)))/fixtures/templates",
            packages: ["/usr/local/lib/python3/dist-packages", "/usr/lib/python3/dist-packages"].filter {
                access($0, R_OK) == 0
            }
        )
    }

    /// Makes sure that runtimes can run on other libraries.
    ///
    /// - Throws: `WorkerInstallationError` when the worker for that is missing.
    public func requireSharedExecutable() throws(WorkerInstallationError) {
        guard sharedExecutable == nil else { return }
        throw .missing("the worker for other Pythons", at: ["\(executable)-shared"])
    }

    private static func ownExecutable() throws(WorkerInstallationError) -> String {
        guard let path = realpath("/proc/self/exe", nil) else {
            throw .missing("this program's own path", at: ["/proc/self/exe"])
        }
        defer { free(path) }
        return String(cString: path)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
