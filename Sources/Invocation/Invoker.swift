import FunctionGraph
import FunctionStore
import Glibc
import Logging
import Runtime
import Sockets
import Timekeeping

/// Knows which functions are deployed, and brings invocations to them.
@EventLoopActor
public final class Invoker {
    /// What deployments are told apart by: the version, and the memory if a request chose one.
    private struct Key: Hashable {
        let version: FunctionURN
        let memory: MemorySize?
    }

    /// The timers that go by the emulator's clock.
    public let timekeeper: Timekeeper
    /// What functions have written.
    public let logs: LogRecorder

    private let configuration: InvokerConfiguration
    private let store: FunctionStore
    private let pythons: Pythons
    private let workQueue: WorkQueue
    private let logger: Logger
    private let codeCache: CodeCache
    /// What is deployed. A version that was never called is not here.
    private var deployments: [Key: Deployment] = [:]
    private var details: [FunctionURN: FunctionDetail] = [:]
    private var allowances: [FunctionURN: InstanceAllowance] = [:]
    private var routes: [FunctionURN: InvocationRoute] = [:]
    /// Old states of functions that still run something.
    private var retired: [Deployment] = []
    private var loading: [FunctionURN: [(Result<InvocationRoute, FGSError>) -> Void]] = [:]
    private var reserved: [FunctionURN: Int] = [:]
    /// Code that nothing stored refers to, to be removed when no old state can want it any more.
    private var unusedCode: Set<String> = []
    /// Counts changes of functions, so that a state read before a change is not kept after it.
    private var changes: UInt64 = 0
    private lazy var fresh = FreshFunctions(
        deploy: { [weak self] in self?.deployAhead($0) }, withdraw: { [weak self] in self?.withdraw($0) })
    private lazy var metrics = MetricsRecorder(
        store, workQueue: workQueue, clock: timekeeper.clock, logger: logger,
        deployments: { [weak self] in self?.allDeployments() ?? [] })
    private lazy var environment = DeploymentEnvironment(
        pythons: pythons, codeCache: codeCache, timekeeper: timekeeper, logs: logs,
        temporaryRoot: "\(configuration.codeDirectory)/../tmp",
        processorCount: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
        idleMilliseconds: configuration.idleMilliseconds,
        deployments: { [weak self] in self?.allDeployments() ?? [] },
        done: { [weak self] in self?.forgetRetired() },
        observer: { [weak self] in self?.observe($0, $1, $2) })

    /// Puts together what runs functions.
    public init(
        _ configuration: InvokerConfiguration, store: FunctionStore, pythons: Pythons,
        timekeeper: Timekeeper, logs: LogRecorder, workQueue: WorkQueue, logger: Logger
    ) {
        self.configuration = configuration
        self.store = store
        self.pythons = pythons
        self.timekeeper = timekeeper
        self.logs = logs
        self.workQueue = workQueue
        self.logger = logger
        codeCache = CodeCache(root: configuration.codeDirectory, queue: workQueue) { digest in
            try store.code(digest)
        }
    }

    /// How undocumented choices are made.
    public var fidelity: Fidelity { configuration.fidelity }

    /// The interpreter that functions run on; nil until it has started.
    public var pythonVersion: PythonVersion? { pythons.main.pythonVersion }

    /// Whether instances have a file system of their own; nil until the interpreter has started.
    public var isIsolated: Bool? { pythons.main.isIsolated }

    /// Calls back with the interpreter's version as soon as it has started.
    public func whenPythonStarted(_ body: @escaping (PythonVersion) -> Void) {
        pythons.main.whenReady(body)
    }

    /// The number of processes that are instances or wait to become one.
    public var processCount: Int { pythons.processCount }

    // MARK: Invoking

    /// Calls back with the deployment that an invocation of a URN goes to, and the alias its handler is told of: at
    /// once when the URN has been called before. Otherwise the function is read from the store.
    ///
    /// - Parameters:
    ///   - memory: The memory that the request asks for.
    ///   - header: The value of one of the request's headers.
    public func deployment(
        of urn: FunctionURN, memory: MemorySize? = nil, header: @escaping (String) -> String? = { _ in nil },
        completion: @escaping (Result<(Deployment, alias: String), FGSError>) -> Void
    ) {
        if let route = routes[urn] {
            completion(.success(chosen(route, memory, header)))
        } else {
            load(urn) { [self] result in completion(result.map { chosen($0, memory, header) }) }
        }
    }

    private func chosen(
        _ route: InvocationRoute, _ memory: MemorySize?, _ header: (String) -> String?
    ) -> (Deployment, alias: String) {
        let (deployment, alias) = route.choose(header)
        guard let memory, deployment.function.enablesDynamicMemory,
            let detail = details[deployment.function.urn]
        else { return (deployment, alias) }
        return (self.deployment(detail, memory), alias)
    }

    private func load(_ urn: FunctionURN, _ completion: @escaping (Result<InvocationRoute, FGSError>) -> Void)
    {
        if loading[urn] != nil {
            loading[urn]?.append(completion)
        } else {
            loading[urn] = [completion]
            read(urn)
        }
    }

    private func read(_ urn: FunctionURN) {
        let store = store
        let changesBefore = changes
        workQueue.run {
            Result { try store.invocationTarget(urn) }
        } then: { [self] result in
            // It may have changed between the reading and now.
            guard changes == changesBefore else { return read(urn) }
            let answer: Result<InvocationRoute, FGSError>
            switch result {
            case .success(let target):
                let route = InvocationRoute(
                    target.alias, main: deployment(target.main, nil),
                    additional: target.additional.map { deployment($0, nil) })
                routes[urn] = route
                answer = .success(route)
            case .failure(let error):
                answer = .failure(
                    error as? FGSError ?? FGSError(.internalError, "the function cannot be read: \(error)"))
            }
            for completion in loading.removeValue(forKey: urn) ?? [] { completion(answer) }
        }
    }

    private func deployment(_ detail: FunctionDetail, _ memory: MemorySize?) -> Deployment {
        let version = detail.function.urn(in: configuration.region)
        let memory = memory == detail.function.configuration.memorySize ? nil : memory
        let key = Key(version: version, memory: memory)
        if let deployment = deployments[key] {
            deployment.asyncConfiguration = detail.asyncConfiguration
            return deployment
        }
        let allowance = allowances[version] ?? InstanceAllowance()
        allowances[version] = allowance
        details[version] = detail
        let deployment = Deployment(
            DeployedFunction(detail, memory: memory, configuration), allowance, environment)
        deployment.asyncConfiguration = detail.asyncConfiguration
        deployments[key] = deployment
        if memory == nil, let count = reserved[version] { deployment.reserve(count) }
        return deployment
    }

    /// Stops an invocation that waits or runs. Whatever else its instance runs is stopped with it.
    public func cancel(_ invocation: Invocation, in deployment: Deployment) {
        if deployment.withdraw(invocation) {
            let failure = RuntimeFailure.canceled
            invocation.completion(
                .success(
                    .failed(
                        failure.code.rawValue, failure.errorObject, memorySize: deployment.function.memorySize
                    )))
        } else {
            invocation.instance?.cancel(invocation)
        }
    }

    /// Stops an invocation as `cancel` does, and with it the calls of functions that its handler waits for, and those
    /// that theirs wait for.
    public func cancelWithCalls(_ invocation: Invocation, in deployment: Deployment) {
        guard let process = invocation.instance?.process else { return cancel(invocation, in: deployment) }
        // While its processes live, their connections tell which calls are theirs.
        workQueue.run {
            ProcessConnections.all(of: process)
        } then: { [self] connections in
            // It may have been taken from that process, which had not begun it.
            guard invocation.instance?.process == process else {
                return cancelWithCalls(invocation, in: deployment)
            }
            let calls = allDeployments().flatMap { deployment in
                deployment.invocations.filter { $0.isCalled(by: connections) }.map { ($0, deployment) }
            }
            if deployment.invocations.contains(where: { $0 === invocation }) {
                cancel(invocation, in: deployment)
            }
            for (call, deployment) in calls { cancelWithCalls(call, in: deployment) }
        }
    }

    // MARK: Ahead of the first call

    /// A function is new, or has changed: it is deployed before anybody calls it, if nothing else is to be done.
    public func deploySoon(_ function: FunctionURN) {
        fresh.add(function)
    }

    private func deployAhead(_ function: FunctionURN) {
        load(function) { [self] result in
            guard case .success(let route) = result else { return }
            let deployment = route.choose { _ in nil }.deployment
            // Clients name it either way.
            routes[deployment.function.urn] = route
            codeCache.directory(for: deployment.function.code) { _ in }
        }
    }

    private func withdraw(_ function: FunctionURN) {
        let found = deployments.filter { $0.key.version.isSameFunction(as: function) }
        guard !found.isEmpty, found.values.allSatisfy(\.isUntouched) else { return }
        forget(function)
        let used = Set(allDeployments().map(\.function.code))
        for code in Set(found.values.map(\.function.code)).subtracting(used) { codeCache.remove(code) }
    }

    // MARK: Changes

    /// A function has changed or gone. Calls that come from now on meet its new state; accepted ones are
    /// finished in the old one.
    public func forget(_ function: FunctionURN) {
        forgetRoutes(of: function)
        for urn in details.keys where urn.isSameFunction(as: function) {
            details[urn] = nil
            allowances[urn] = nil
        }
        for (key, deployment) in deployments where key.version.isSameFunction(as: function) {
            deployments[key] = nil
            retired.append(deployment)
            deployment.retire()
        }
        forgetRetired()
        for (urn, count) in reserved where urn.isSameFunction(as: function) { startReserved(urn, count) }
    }

    /// Aliases may lead elsewhere. What is deployed stays.
    public func forgetRoutes(of function: FunctionURN) {
        changes += 1
        for urn in routes.keys where urn.isSameFunction(as: function) { routes[urn] = nil }
    }

    /// Code that nothing stored refers to any more is removed from the store, once calls that were accepted when
    /// something did have ended.
    public func removeUnusedCode(_ digests: [String]) {
        unusedCode.formUnion(digests)
        removeUnusedCode()
    }

    private func removeUnusedCode() {
        guard retired.isEmpty, !unusedCode.isEmpty else { return }
        let digests = Array(unusedCode)
        unusedCode = []
        let (store, logger) = (store, logger)
        workQueue.run {
            do {
                return try store.removeUnused(digests)
            } catch {
                logger.error("unused code could not be removed: \(error)")
                return []
            }
        } then: { [self] removed in
            guard !removed.isEmpty else { return }
            let used = Set(allDeployments().map(\.function.code))
            codeCache.release(Set(removed), unless: used.contains)
        }
    }

    /// Removes what earlier servers have unpacked and nobody will need.
    public func removeLeftovers() {
        codeCache.removeLeftovers { [store] in try store.hasCode($0) }
    }

    /// Keeps so many instances of each version, and none of others beyond need.
    ///
    /// - Parameter wanted: The numbers, by URNs that name versions.
    public func reserve(_ wanted: [FunctionURN: Int]) {
        let before = reserved
        reserved = wanted
        for urn in before.keys where wanted[urn] == nil {
            deployments[Key(version: urn, memory: nil)]?.reserve(0)
        }
        for (urn, count) in wanted where before[urn] != count { startReserved(urn, count) }
    }

    private func startReserved(_ urn: FunctionURN, _ count: Int) {
        load(urn) { [weak self] result in
            guard let self, case .success = result, let count = reserved[urn] else { return }
            deployments[Key(version: urn, memory: nil)]?.reserve(count)
        }
    }

    private func forgetRetired() {
        retired.removeAll { deployment in
            guard deployment.isDone else { return false }
            metrics.retire(deployment) { Set(deployments.values.map(\.function.baseName)) }
            return true
        }
        removeUnusedCode()
    }

    private func allDeployments() -> [Deployment] {
        retired.isEmpty ? Array(deployments.values) : Array(deployments.values) + retired
    }

    /// Ends every instance as soon as it does nothing, with its pre-stop handler, and calls back when all have ended.
    ///
    /// - Parameters:
    ///   - deadline: When it calls back in any case, on the loop's clock.
    ///   - endLimit: For how long it waits for instances that only have to end, in nanoseconds.
    public func stop(by deadline: UInt64, endLimit: UInt64, completion: @escaping () -> Void) {
        let everything = allDeployments()
        for deployment in everything { deployment.retire() }
        waitForEnd(
            of: everything, busyUntil: EventLoop.monotonicNanoseconds(), by: deadline, endLimit: endLimit,
            completion)
    }

    private func waitForEnd(
        of deployments: [Deployment], busyUntil: UInt64, by deadline: UInt64, endLimit: UInt64,
        _ completion: @escaping () -> Void
    ) {
        let now = EventLoop.monotonicNanoseconds()
        let busyUntil = deployments.contains(where: \.isBusy) ? now : busyUntil
        if deployments.allSatisfy(\.isDone) || now >= min(deadline, busyUntil + endLimit) {
            completion()
        } else {
            LoopTimer { [self] in
                waitForEnd(
                    of: deployments, busyUntil: busyUntil, by: deadline, endLimit: endLimit, completion)
            }
            .schedule(after: 2_000_000)
        }
    }

    // MARK: Figures

    /// What each function has done since the start, by its URN without version.
    public var totals: [(function: String, bucket: MetricsBucket, instances: Int, running: Int)] {
        metrics.totals
    }

    /// Forgets what functions have done since the start.
    public func forgetTotals() {
        metrics.forgetTotals()
    }

    /// Stores the figures that have gathered, and calls back when they can be read.
    public func flushMetrics(_ completion: @escaping @EventLoopActor @Sendable () -> Void) {
        metrics.flush(completion)
    }

    /// One line per invocation.
    private func observe(_ invocation: Invocation, _ function: DeployedFunction, _ outcome: InvocationOutcome)
    {
        metrics.somethingHappened()
        guard logger.logLevel <= .info else { return }
        logger.info(
            "\(function.name) \(outcome.isSuccess ? "returned" : "failed with \(outcome.code)")",
            metadata: [
                "request": "\(invocation.requestID)", "ms": "\(outcome.milliseconds)",
                "memory_mb": "\(outcome.memoryMB)",
            ])
    }
}
