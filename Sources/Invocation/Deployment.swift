import Logging
import Runtime
import Sockets

/// A function as it is deployed now, with the instances that run it and the invocations that wait for one.
///
/// A change of code or configuration makes a new deployment; the old one finishes what it has accepted and
/// ends. So an instance never serves two states of a function.
@EventLoopActor
public final class Deployment {
    /// What is deployed.
    public let function: DeployedFunction

    private let environment: DeploymentEnvironment
    /// Idle instances, the one used last at the end: it is the warmest.
    private var idle: [FunctionInstance] = []
    private(set) var instances: Set<FunctionInstance> = []
    private var waiting = InvocationQueue()
    private var startingCount = 0
    private var isRetired = false
    private lazy var idleTimer = LoopTimer { [weak self] in self?.releaseIdleInstances() }
    private lazy var patienceTimer = LoopTimer { [weak self] in self?.refuseImpatient() }
    private lazy var scaleTimer = LoopTimer { [weak self] in self?.startInstancesForWaiting() }

    /// For an invocation that waits while every processor already runs an instance: about a cold start.
    private static let scaleDelay: UInt64 = 2_000_000

    init(_ function: DeployedFunction, _ environment: DeploymentEnvironment) {
        self.function = function
        self.environment = environment
    }

    /// Runs an invocation on an idle instance, a new one, or the next that becomes free.
    public func run(_ invocation: Invocation) {
        guard function.maximumInstances != 0 else {
            invocation.completion(.failure(.functionDisabled))
            return
        }
        if let failure = function.obstacle {
            fail(invocation, failure)
        } else if let instance = idle.popLast() {
            instance.run(invocation)
        } else {
            enqueue(invocation)
        }
    }

    /// Whether nothing of it is left.
    var isDone: Bool { isRetired && instances.isEmpty && waiting.isEmpty }

    /// Ends idle instances, and the others as they become free.
    func retire() {
        isRetired = true
        for instance in idle { instance.end() }
        idle = []
    }

    // MARK: What instances report

    func becameIdle(_ instance: FunctionInstance) {
        if let next = waiting.popFirst() {
            instance.run(next)
        } else if isRetired {
            instance.end()
        } else {
            instance.idleSince = EventLoop.shared.now
            idle.append(instance)
            if idleTimer.deadline == nil { idleTimer.schedule(after: environment.idleLifetime) }
        }
    }

    func started(_ instance: FunctionInstance) {
        startingCount -= 1
        becameIdle(instance)
    }

    /// The instance cannot become one of this function; the invocation at the head of the line learns why.
    func failedToStart(_ instance: FunctionInstance, _ failure: StartFailure) {
        startingCount -= 1
        if let head = waiting.first {
            head.failedInitializations += failure.isWorthAnotherAttempt ? 1 : 0
            if !failure.isWorthAnotherAttempt || head.failedInitializations == 3 {
                _ = waiting.popFirst()
                environment.report(head, function, failure.outcome(for: head, function, at: environment.clock.now()))
            }
        }
        startInstancesForWaiting()
    }

    func ended(_ instance: FunctionInstance) {
        instances.remove(instance)
        idle.removeAll { $0 === instance }
        if !waiting.isEmpty { startInstancesForWaiting() }
    }

    func finished(_ invocation: Invocation, _ outcome: InvocationOutcome) {
        environment.report(invocation, function, outcome)
    }

    // MARK: Scaling

    private var mayGrow: Bool {
        function.maximumInstances < 0 || instances.count < function.maximumInstances
    }

    private func enqueue(_ invocation: Invocation) {
        waiting.append(invocation)
        if patienceTimer.deadline == nil { patienceTimer.schedule(after: function.timeoutNanoseconds) }
        // Up to one instance per processor starts at once. Beyond that another instance only helps when
        // handlers take longer than an instance takes to start, so wait that long for one to become free.
        if instances.count < environment.processorCount {
            startInstancesForWaiting()
        } else if scaleTimer.deadline == nil {
            scaleTimer.schedule(after: Self.scaleDelay)
        }
    }

    private func startInstancesForWaiting() {
        guard !waiting.isEmpty else { return }
        var wanted = waiting.count - startingCount
        while wanted > 0, mayGrow {
            wanted -= 1
            guard start() else { break }
        }
        if !waiting.isEmpty, mayGrow, scaleTimer.deadline == nil { scaleTimer.schedule(after: Self.scaleDelay) }
    }

    private func start() -> Bool {
        guard let head = waiting.first else { return false }
        do throws(SystemError) {
            let instance = FunctionInstance(try environment.instances.makeInstance(), self, environment)
            instances.insert(instance)
            startingCount += 1
            instance.start(for: head)
            return true
        } catch {
            guard instances.isEmpty else { return false }
            while let refused = waiting.popFirst() {
                refused.completion(.failure(.platform("no instance can be started: \(error)")))
            }
            return false
        }
    }

    private func releaseIdleInstances() {
        let now = EventLoop.shared.now
        while let oldest = idle.first, oldest.idleSince + environment.idleLifetime <= now {
            idle.removeFirst().end()
        }
        if let oldest = idle.first { idleTimer.schedule(at: oldest.idleSince + environment.idleLifetime) }
    }

    /// Refuses what has waited for a free instance as long as it would have been allowed to run.
    private func refuseImpatient() {
        let now = EventLoop.shared.now
        while let head = waiting.first, head.acceptedAt + function.timeoutNanoseconds <= now, startingCount == 0 {
            _ = waiting.popFirst()
            head.completion(.failure(.tooManyRequests))
        }
        if let head = waiting.first {
            patienceTimer.schedule(at: max(head.acceptedAt + function.timeoutNanoseconds, now + 100_000_000))
        }
    }

    private func fail(_ invocation: Invocation, _ failure: RuntimeFailure) {
        environment.report(
            invocation, function, StartFailure(failure).outcome(for: invocation, function, at: environment.clock.now()))
    }
}
