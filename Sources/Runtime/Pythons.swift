import CPython
import Logging
import Sockets

/// The interpreters that functions run on: the one the worker was built with, and others for some runtimes. Each has
/// its own zygote; that of another one is started when the first function needs it.
@EventLoopActor
public final class Pythons {
    /// The one the worker was built with.
    public let main: InstanceFactory

    /// The version that the worker was built with, known before it has started.
    private static let builtIn = "\(PY_MAJOR_VERSION).\(PY_MINOR_VERSION)"

    private let installation: WorkerInstallation
    private let codeDirectory: String
    private let spareCount: Int
    private let logger: Logger
    /// What was chosen for runtimes.
    private let libraries: [String: PythonLibrary]
    /// The factories of runtimes that were asked for.
    private var factories: [String: InstanceFactory] = [:]
    /// Those beside the main one, by the paths of their libraries.
    private var others: [String: InstanceFactory] = [:]

    /// Interpreters of which none has been started.
    ///
    /// - Parameters:
    ///   - libraries: What runs a runtime, by its label, `Python3.9` for example.
    ///   - codeDirectory: See `InstanceFactory`.
    ///   - spareCount: See `InstanceFactory`.
    public init(
        _ installation: WorkerInstallation, libraries: [String: PythonLibrary], codeDirectory: String,
        spareCount: Int, logger: Logger
    ) {
        self.installation = installation
        self.libraries = libraries
        self.codeDirectory = codeDirectory
        self.spareCount = spareCount
        self.logger = logger
        main = InstanceFactory(
            installation, codeDirectory: codeDirectory, spareCount: spareCount, logger: logger)
    }

    /// What makes instances for a runtime: for one that has a library, chosen or found on the machine, it runs them
    /// on that.
    ///
    /// - Parameter runtime: The label of the runtime.
    public func factory(for runtime: String) -> InstanceFactory {
        if let factory = factories[runtime] { return factory }
        let factory = library(for: runtime).map(makeFactory) ?? main
        factories[runtime] = factory
        return factory
    }

    /// The number of processes that are instances or wait to become one.
    public var processCount: Int { others.values.reduce(main.processCount) { $0 + $1.processCount } }

    /// Ends every zygote and every instance.
    public func stop() {
        for factory in [main] + others.values { factory.stop() }
    }

    private func library(for runtime: String) -> PythonLibrary? {
        if let library = libraries[runtime] { return library }
        let prefix = "Python3."
        guard runtime.hasPrefix(prefix), installation.sharedExecutable != nil else { return nil }
        let version = String(runtime.dropFirst(prefix.count - 2))
        // The one that was linked runs faster than the same one from a library.
        if version == Self.builtIn { return nil }
        return PythonLibrary.find(version: version)
    }

    private func makeFactory(_ library: PythonLibrary) -> InstanceFactory {
        if let factory = others[library.path] { return factory }
        let factory = InstanceFactory(
            installation, library: library, codeDirectory: codeDirectory, spareCount: spareCount,
            logger: logger)
        others[library.path] = factory
        factory.start()
        return factory
    }
}
