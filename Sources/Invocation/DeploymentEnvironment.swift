import Runtime
import Sockets
import Timekeeping

/// What deployments need of the process they live in.
@EventLoopActor
final class DeploymentEnvironment {
    let instances: InstanceFactory
    let codeCache: CodeCache
    let clock: Clock
    let processorCount: Int
    /// For how long an instance waits for work, in nanoseconds.
    let idleLifetime: UInt64
    /// Told of every invocation that ran, before its caller.
    private let observer: (Invocation, DeployedFunction, InvocationOutcome) -> Void
    private let deployments: () -> [Deployment]
    private(set) lazy var memoryWatch = MemoryWatch(deployments: deployments)

    init(
        instances: InstanceFactory, codeCache: CodeCache, clock: Clock, processorCount: Int, idleLifetime: UInt64,
        deployments: @escaping () -> [Deployment],
        observer: @escaping (Invocation, DeployedFunction, InvocationOutcome) -> Void
    ) {
        self.instances = instances
        self.codeCache = codeCache
        self.clock = clock
        self.processorCount = processorCount
        self.idleLifetime = idleLifetime
        self.deployments = deployments
        self.observer = observer
    }

    func report(_ invocation: Invocation, _ function: DeployedFunction, _ outcome: InvocationOutcome) {
        observer(invocation, function, outcome)
        invocation.completion(.success(outcome))
    }
}
