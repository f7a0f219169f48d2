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
    /// The clock everything goes by.
    public let clock: Clock

    private let store: FunctionStore
    private let instances: InstanceFactory
    private let workQueue: WorkQueue
    private let logger: Logger
    private let fidelity: Fidelity
    private let codeCache: CodeCache
    private let idleNanoseconds: UInt64
    /// What is deployed, by URN. A function that was never called is not here.
    private var deployments: [FunctionURN: Deployment] = [:]
    /// Old states of functions that still run something.
    private var retired: [Deployment] = []
    private var loading: [FunctionURN: [(Result<Deployment, FGSError>) -> Void]] = [:]
    /// Counts changes of functions, so that a state read before a change is not kept after it.
    private var changes: UInt64 = 0
    private lazy var environment = DeploymentEnvironment(
        instances: instances, codeCache: codeCache, clock: clock,
        processorCount: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
        idleLifetime: idleNanoseconds,
        deployments: { [weak self] in self?.allDeployments() ?? [] },
        observer: { [weak self] in self?.record($0, $1, $2) })

    /// Puts together what runs functions.
    public init(
        _ configuration: InvokerConfiguration, store: FunctionStore, instances: InstanceFactory, clock: Clock,
        workQueue: WorkQueue, logger: Logger
    ) {
        self.store = store
        self.instances = instances
        self.clock = clock
        self.workQueue = workQueue
        self.logger = logger
        fidelity = configuration.fidelity
        idleNanoseconds = configuration.idleNanoseconds
        codeCache = CodeCache(root: configuration.codeDirectory, queue: workQueue) { digest in
            try store.code(digest)
        }
    }

    /// The interpreter that functions run on; nil until it has started.
    public var pythonVersion: PythonVersion? { instances.pythonVersion }

    /// Calls back with the interpreter's version as soon as it has started.
    public func whenPythonStarted(_ body: @escaping (PythonVersion) -> Void) {
        instances.whenReady(body)
    }

    /// The number of processes that are instances or wait to become one.
    public var processCount: Int { instances.processCount }

    /// Calls back with the deployment of the version a URN names: at once when it has been called before.
    /// Otherwise the function is read from the store.
    public func deployment(
        of urn: FunctionURN, completion: @escaping (Result<Deployment, FGSError>) -> Void
    ) {
        if let deployment = deployments[urn] {
            completion(.success(deployment))
        } else if loading[urn] != nil {
            loading[urn]?.append(completion)
        } else {
            loading[urn] = [completion]
            load(urn)
        }
    }

    /// Takes notice of a change of the store.
    public func apply(_ change: StoreChange) {
        switch change {
        case .function(let function): forget(function)
        case .triggers, .reservedInstances: break
        }
    }

    /// A function has changed or gone. Calls that come from now on meet its new state; accepted ones are
    /// finished in the old one.
    private func forget(_ function: FunctionURN) {
        changes += 1
        for (urn, deployment) in deployments where urn.isSameFunction(as: function) {
            deployments[urn] = nil
            deployment.retire()
            retired.append(deployment)
        }
        retired.removeAll { $0.isDone }
    }

    private func load(_ urn: FunctionURN) {
        let store = store
        let changesBefore = changes
        workQueue.run {
            Result { try store.function(urn) }
        } then: { [self] result in
            // It may have changed between the reading and now.
            guard changes == changesBefore else { return load(urn) }
            let answer: Result<Deployment, FGSError>
            switch result {
            case .success(let function):
                let deployment = Deployment(
                    DeployedFunction(function, fidelity, region: urn.region), environment)
                deployments[urn] = deployment
                answer = .success(deployment)
            case .failure(let error):
                answer = .failure(
                    error as? FGSError ?? FGSError(.internalError, "the function cannot be read: \(error)"))
            }
            for completion in loading.removeValue(forKey: urn) ?? [] { completion(answer) }
        }
    }

    private func allDeployments() -> [Deployment] {
        retired.removeAll { $0.isDone }
        return Array(deployments.values) + retired
    }

    /// One line per invocation.
    private func record(_ invocation: Invocation, _ function: DeployedFunction, _ outcome: InvocationOutcome) {
        guard logger.logLevel <= .info else { return }
        logger.info(
            "\(function.urn) \(outcome.isSuccess ? "returned" : "failed with \(outcome.code)")",
            metadata: [
                "request": "\(invocation.requestID)", "ms": "\(outcome.milliseconds)",
                "memory_mb": "\(outcome.memoryMB)",
            ])
    }
}
