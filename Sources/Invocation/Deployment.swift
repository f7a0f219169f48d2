import FunctionGraph
import Logging
import Runtime
import Sockets
import Timekeeping

/// A function as it is deployed now, with the instances that run it and the invocations that wait for one.
///
/// A change of code or configuration makes a new deployment; the old one finishes what it has accepted and
/// ends. So an instance never serves two states of a function.
@EventLoopActor
public final class Deployment {
    /// What is deployed.
    public let function: DeployedFunction
    /// How asynchronous invocations are handled, if that was ever set; it may change without a new deployment.
    public internal(set) var asyncConfiguration: AsyncConfiguration?
    /// What happened lately, for the statistics.
    var metrics: DeploymentMetrics
    /// How its handler has behaved lately.
    var pace = HandlerPace()

    private let environment: DeploymentEnvironment
    /// How many instances the version may have, whatever their sizes.
    private let allowance: InstanceAllowance
    /// Instances with room, the one used last at the end: it is the warmest.
    private var available: [FunctionInstance] = []
    private(set) var instances: Set<FunctionInstance> = []
    private var waiting = WaitingLine()
    private var startingCount = 0
    private(set) var reservedCount = 0
    private var failedReservedStarts = 0
    /// How many of the instances that start were reserved and are not any more.
    private var surplusStarts = 0
    private(set) var runningCount = 0
    /// How many instances were at a call for longer than a quick one takes when that was last looked at.
    private var stuckCount = 0
    private var isRetired = false
    private lazy var idleTimer = ClockTimer(environment.timekeeper) { [weak self] _ in
        self?.releaseIdleInstances()
    }
    private lazy var patienceTimer = LoopTimer { [weak self] in self?.refuseImpatient() }
    private lazy var scaleTimer = LoopTimer { [weak self] in self?.serveWaiting() }
    private lazy var paceTimer = LoopTimer { [weak self] in self?.lookForStuck() }
    private lazy var reserveTimer = LoopTimer { [weak self] in self?.startReservedInstances() }

    /// For how long an invocation waits for one of the instances there are before others are started, once there is one
    /// for every processor and one that takes over while another waits to be told of its next: more would only help
    /// handlers that wait for something themselves.
    private static let scaleDelay: UInt64 = 10_000_000
    /// For how long a call may take before nobody waits for its instance who can be served by another.
    private static let pacePatience: UInt64 = 300_000

    init(_ function: DeployedFunction, _ allowance: InstanceAllowance, _ environment: DeploymentEnvironment) {
        self.function = function
        self.allowance = allowance
        self.environment = environment
        metrics = DeploymentMetrics(function)
        allowance.add(self)
    }

    /// Runs an invocation on an instance with room, a new one, or the next that becomes free.
    public func run(_ invocation: Invocation) {
        guard function.maximumInstances != 0 else {
            metrics.rejected()
            invocation.completion(.failure(.functionDisabled))
            return
        }
        if let failure = function.obstacle {
            fail(invocation, StartFailure(failure))
        } else if let instance = available.last, !isCrowded {
            hand(invocation, to: instance)
        } else {
            enqueue(invocation)
        }
    }

    /// Whether any of its instances starts or runs something.
    var isBusy: Bool { runningCount > 0 || startingCount > 0 }

    /// Whether nothing has ever been done with it.
    var isUntouched: Bool {
        instances.isEmpty && waiting.isEmpty && reservedCount == 0 && metrics.all.isEmpty
    }

    /// Whether nothing of it is left.
    var isDone: Bool { isRetired && instances.isEmpty && waiting.isEmpty }

    /// Ends idle instances, and the others as they become free.
    func retire() {
        isRetired = true
        reservedCount = 0
        allowance.reservedCount = 0
        for instance in available where instance.running.isEmpty { release(instance) }
    }

    /// Keeps so many instances, whether anything is to be run or not.
    func reserve(_ count: Int) {
        var surplus = reservedCount - count
        reservedCount = count
        allowance.reservedCount = count
        metrics.reserved(count)
        startReservedInstances()
        for instance in available where surplus > 0 && instance.running.isEmpty && liveCount > count {
            surplus -= 1
            release(instance)
        }
        // Those that are still starting go as soon as they have.
        surplusStarts = max(0, min(surplus, startingCount, liveCount - count))
        releaseIdleInstances()
    }

    /// The invocations that run or wait.
    var invocations: [Invocation] { instances.flatMap { $0.running + $0.sentAhead } + waiting.all }

    /// How many instances it has that are of use or will be.
    var liveCount: Int { instances.count { !$0.isEnding } }

    // MARK: What instances report

    /// It may take another invocation.
    ///
    /// - Parameter isWarm: Whether it is given the next rather than others are.
    func becameAvailable(_ instance: FunctionInstance, isWarm: Bool = true) {
        while instance.hasRoom, !isCrowded, let next = waiting.popFirst() { begin(next, on: instance) }
        if pace.isQuick { sendAhead(to: instance) }
        guard instance.hasRoom else { return }
        if instance.running.isEmpty {
            if isRetired || allowance.isInTheWay(self), liveCount > reservedCount { return release(instance) }
            instance.idleSince = environment.clock.now()
            if idleTimer.due == nil { idleTimer.schedule(at: end(of: instance)) }
        }
        if !instance.isAvailable {
            instance.isAvailable = true
            available.insert(instance, at: isWarm ? available.count : 0)
        }
        if !waiting.isEmpty || runningCount > 0 && mayMove { lookForStuckLater() }
    }

    /// The instance is about to be of no more use.
    func becameUnavailable(_ instance: FunctionInstance) {
        guard instance.isAvailable else { return }
        instance.isAvailable = false
        if let index = available.lastIndex(of: instance) { available.remove(at: index) }
    }

    /// The instance has begun to become one of this function. If it is the only one, what waits for it goes along, and
    /// is run as soon as it has.
    func loads(_ instance: FunctionInstance) {
        guard instances.count == 1, waiting.count == 1, let only = waiting.first, instance.runNext(only)
        else { return }
        _ = waiting.popFirst()
    }

    func started(_ instance: FunctionInstance) {
        takeBackFromStarting()
        startingCount -= 1
        failedReservedStarts = 0
        becameAvailable(instance)
        if surplusStarts > 0 {
            surplusStarts -= 1
            if instance.running.isEmpty, !instance.isEnding, liveCount > reservedCount { release(instance) }
        }
    }

    /// The instance cannot become one of this function; the invocation at the head of the line learns why.
    func failedToStart(_ instance: FunctionInstance, _ failure: StartFailure) {
        startingCount -= 1
        if let head = waiting.first {
            head.failedInitializations += failure.isWorthAnotherAttempt ? 1 : 0
            if !failure.isWorthAnotherAttempt || head.failedInitializations == 3 {
                _ = waiting.popFirst()
                fail(head, failure)
            }
        } else {
            // Nobody waits for it: a reserved one. It is tried again, later each time.
            failedReservedStarts += 1
            reserveTimer.schedule(after: (1 << UInt64(min(failedReservedStarts, 6))) * 500_000_000)
        }
        startInstancesForWaiting()
    }

    func ended(_ instance: FunctionInstance) {
        becameUnavailable(instance)
        if instances.remove(instance) != nil { allowance.instanceEnded() }
        serveWaiting()
        allowance.serveOthers(than: self)
        startReservedInstances()
        if isDone { environment.deploymentIsDone() }
    }

    /// An invocation runs.
    func begun() {
        runningCount += 1
        metrics.started(running: runningCount)
    }

    /// An invocation that ran has come to an end.
    func concluded() {
        runningCount -= 1
    }

    /// Invocations that an instance was sent and has not begun are the next in line.
    func takeBack(_ invocations: [Invocation]) {
        waiting.prepend(invocations)
        refuseImpatientLater()
        lookForStuckLater()
    }

    /// An instance that was given nothing for a moment may be given something, as may others.
    func settled(_ instance: FunctionInstance) {
        becameAvailable(instance)
        serveWaiting()
    }

    // MARK: Scaling

    /// Whether one instance more than there are processors is at a call that will soon be over. Whoever comes then is
    /// served sooner by one of these than by another, which would have to be woken and would keep them from the
    /// processors. The more of them take long after all, the more others are let in at once.
    private var isCrowded: Bool {
        runningCount - stuckCount > max(environment.processorCount, stuckCount)
            && pace.isQuick && function.concurrency == 1
    }

    private func hand(_ invocation: Invocation, to instance: FunctionInstance) {
        begin(invocation, on: instance)
        if !instance.hasRoom { becameUnavailable(instance) }
        if instances.count > 1, mayMove { lookForStuckLater() }
    }

    private func begin(_ invocation: Invocation, on instance: FunctionInstance) {
        begun()
        instance.run(invocation)
    }

    /// Sends a few of those that wait to an instance that runs something: it goes on with them at once, where it would
    /// fall asleep and have to be woken for each.
    private func sendAhead(to instance: FunctionInstance) {
        while let next = waiting.first, instance.runNext(next) {
            _ = waiting.popFirst()
            lookForStuckLater()
        }
    }

    /// Whether what an instance has not begun may be run by another: a quick call, for which that is worth the trouble.
    private var mayMove: Bool { pace.isQuick && function.concurrency == 1 }

    /// Whoever was to wait for a quick call only, and waits for a slow one, is run elsewhere. So is what an instance has
    /// not begun if others could: it was woken, and waits for a processor that others have.
    private func lookForStuck() {
        let now = EventLoop.shared.now
        let stuck = instances.filter { $0.busySince.map { now - $0 >= Self.pacePatience } ?? false }
        let others = mayMove ? instances.filter { $0.canTakeOver && !stuck.contains($0) } : []
        for instance in stuck {
            instance.takeBack(includingFirst: !others.isEmpty && mayMove(from: instance, now))
        }
        stuckCount = stuck.count { !$0.running.isEmpty }
        for other in others { sendAhead(to: other) }
        handOutWaiting()
        for instance in stuck where instance.hasRoom { becameAvailable(instance, isWarm: false) }
        serveWaiting()
        let keepsWaiting = !waiting.isEmpty && !available.isEmpty
        if keepsWaiting
            || instances.contains(where: { !$0.sentAhead.isEmpty || !others.isEmpty && $0.mayNotHaveBegun })
        {
            lookForStuckLater()
        } else {
            stuckCount = 0
        }
    }

    /// Whether what it has not begun has waited long enough: longer each time, so that it gets somewhere.
    private func mayMove(from instance: FunctionInstance, _ now: UInt64) -> Bool {
        guard let first = instance.running.first else { return false }
        return now - first.startedAt >= Self.pacePatience << UInt64(min(first.moves, 8))
    }

    private func lookForStuckLater() {
        if paceTimer.deadline == nil { paceTimer.schedule(after: Self.pacePatience) }
    }

    private func handOutWaiting() {
        while !isCrowded, let instance = available.last, let next = waiting.popFirst() {
            hand(next, to: instance)
        }
    }

    /// Gives what waits to the instances there are, and starts others for the rest.
    func serveWaiting() {
        handOutWaiting()
        if !waiting.isEmpty, scaleTimer.deadline == nil { startInstancesForWaiting() }
    }

    private var mayGrow: Bool {
        function.maximumInstances < 0 || allowance.onDemandCount < function.maximumInstances
    }

    /// Whoever was to wait for the only instance waits for the first that is ready.
    private func takeBackFromStarting() {
        guard startingCount > 0 else { return }
        for instance in instances where instance.isStarting { instance.takeBack() }
    }

    private func enqueue(_ invocation: Invocation) {
        takeBackFromStarting()
        waiting.append(invocation)
        refuseImpatientLater()
        if isCrowded { lookForStuckLater() }
        if scaleTimer.deadline == nil { startInstancesForWaiting() }
    }

    private func startInstancesForWaiting() {
        guard let head = waiting.first else { return }
        guard !isCrowded else { return scaleTimer.schedule(after: Self.scaleDelay) }
        if instances.count > environment.processorCount {
            let due = head.acceptedAt + Self.scaleDelay
            guard due <= EventLoop.shared.now else { return scaleTimer.schedule(at: due) }
        }
        let unserved = waiting.count - startingCount * function.concurrency
        // Twice as many as there are, at most, each time: those that start now may turn out to be enough.
        var wanted = min(
            (unserved + function.concurrency - 1) / function.concurrency,
            max(environment.processorCount, instances.count))
        while wanted > 0, mayGrow {
            wanted -= 1
            guard start(for: waiting.first) else { break }
        }
        guard !waiting.isEmpty else { return }
        if mayGrow {
            scaleTimer.schedule(after: Self.scaleDelay)
        } else {
            allowance.makeRoom(for: self)
        }
    }

    /// Starts what is missing of the reserved instances.
    private func startReservedInstances() {
        guard !isRetired, function.obstacle == nil, reserveTimer.deadline == nil else { return }
        while liveCount < reservedCount, start(for: nil) {}
    }

    private func start(for invocation: Invocation?) -> Bool {
        do throws(SystemError) {
            let factory = environment.pythons.factory(for: function.runtime)
            let instance = FunctionInstance(try factory.makeInstance(), self, environment)
            instances.insert(instance)
            allowance.instanceStarted()
            startingCount += 1
            instance.start(for: invocation)
            return true
        } catch {
            guard instances.isEmpty else { return false }
            while let refused = waiting.popFirst() {
                metrics.rejected()
                refused.completion(.failure(.platform("no instance can be started: \(error)")))
            }
            return false
        }
    }

    private func end(of instance: FunctionInstance) -> Timestamp {
        instance.idleSince.advanced(byMilliseconds: environment.idleMilliseconds)
    }

    /// Ends instances that have had nothing to do for long, but for those that are reserved.
    private func releaseIdleInstances() {
        let now = environment.clock.now()
        var spare = liveCount - reservedCount
        var next: Timestamp?
        for instance in available where instance.running.isEmpty && !instance.isEnding {
            if spare > 0, end(of: instance) <= now {
                spare -= 1
                release(instance)
            } else {
                next = min(next ?? end(of: instance), end(of: instance))
            }
        }
        if spare > 0, let next { idleTimer.schedule(at: max(next, now)) }
    }

    /// Whether something waits for an instance, and none may be started.
    var waitsForRoom: Bool { !waiting.isEmpty && !mayGrow }

    /// Whether an instance is about to be of no more use, and counts until it has gone.
    var hasEndingInstance: Bool { instances.contains(where: \.isEnding) }

    /// Ends an instance that has nothing to do and is not reserved, the one that has had nothing for longest; whether
    /// there is one.
    func releaseIdleInstance() -> Bool {
        guard liveCount > reservedCount,
            let idle = available.filter({ $0.running.isEmpty && !$0.isEnding }).min(by: {
                $0.idleSince < $1.idleSince
            })
        else { return false }
        release(idle)
        return true
    }

    private func release(_ instance: FunctionInstance) {
        becameUnavailable(instance)
        instance.end()
    }

    /// Refuses what has waited for a free instance as long as it would have been allowed to run, if a client waits
    /// for it.
    private func refuseImpatient() {
        let now = EventLoop.shared.now
        while let head = waiting.firstImpatient, head.acceptedAt + function.timeoutNanoseconds <= now,
            startingCount == 0
        {
            _ = waiting.popFirstImpatient()
            metrics.rejected()
            head.completion(.failure(.tooManyRequests))
        }
        if let head = waiting.firstImpatient {
            patienceTimer.schedule(at: max(head.acceptedAt + function.timeoutNanoseconds, now + 100_000_000))
        }
    }

    private func refuseImpatientLater() {
        guard patienceTimer.deadline == nil, let head = waiting.firstImpatient else { return }
        patienceTimer.schedule(at: head.acceptedAt + function.timeoutNanoseconds)
    }

    /// Takes an invocation out of the line.
    ///
    /// - Returns: Whether it stood there.
    func withdraw(_ invocation: Invocation) -> Bool {
        if invocation.instance == nil {
            for instance in instances where instance.sentAhead.contains(where: { $0 === invocation }) {
                instance.settle()
                defer { settled(instance) }
                if waiting.remove(invocation) { return true }
                // It has been read, and waits for the load: it is stopped with the instance.
                if instance.isStarting { instance.failToStart(.canceled) }
                return false
            }
        }
        return waiting.remove(invocation)
    }

    private func fail(_ invocation: Invocation, _ failure: StartFailure) {
        var outcome = InvocationOutcome.failed(failure.code, failure.body, memorySize: function.memorySize)
        environment.conclude(
            invocation, self, &outcome, start: failure.start, output: failure.body + [UInt8(ascii: "\n")])
    }
}
