import FunctionGraph
import Runtime
import Sockets
import WorkerProtocol

/// An instance in its role as a function's: what it is doing, for whom, and how long it may take.
@EventLoopActor
final class FunctionInstance: InstanceOwner {
    private enum State {
        case unpacking
        case loading
        case initializing
        case idle
        case running(Invocation)
        /// Killed because of a failure, which is reported when the process has gone and its log is complete.
        case failing(Invocation?, RuntimeFailure)
        /// Ended on purpose, with nothing running.
        case ending
    }

    /// The most memory it was seen to hold, in KiB.
    var peakKiB: UInt64 = 0
    /// Since when it has had nothing to do.
    var idleSince: UInt64 = 0
    /// The invocation it runs.
    var running: Invocation? {
        if case .running(let invocation) = state { invocation } else { nil }
    }
    /// Its process, once known.
    var process: Int32? { instance.process }

    private let instance: Instance
    private let deployment: Deployment
    private let environment: DeploymentEnvironment
    private var state = State.unpacking
    private var envelope: [UInt8] = []
    /// What it wrote while it was loaded, for the log of the first invocation.
    private var preamble: [UInt8] = []
    private var hasReportedStart = false
    private lazy var timer = LoopTimer { [weak self] in self?.ranOutOfTime() }

    /// Loading a module may take this long, in seconds (the runtime guide, code 4012).
    private static let loadTimeout = 10

    init(_ instance: Instance, _ deployment: Deployment, _ environment: DeploymentEnvironment) {
        self.instance = instance
        self.deployment = deployment
        self.environment = environment
        instance.owner = self
    }

    /// Unpacks the code if need be and loads the function. The invocation is the one that asked for it.
    func start(for invocation: Invocation) {
        let function = deployment.function
        let requestID = invocation.requestID
        let alias = invocation.alias
        environment.codeCache.directory(for: function.code) { [self] result in
            guard case .unpacking = state else { return }
            switch result {
            case .success(let directory):
                state = .loading
                timer.schedule(after: UInt64(Self.loadTimeout) * 1_000_000_000)
                instance.load(function.loadPayload(code: directory, requestID: requestID, alias: alias))
            case .failure(let failure):
                state = .ending
                instance.kill()
                reportStartFailure(StartFailure(failure))
            }
        }
    }

    /// Calls the handler. The instance is idle.
    func run(_ invocation: Invocation) {
        state = .running(invocation)
        invocation.startedAt = EventLoop.shared.now
        timer.schedule(after: deployment.function.timeoutNanoseconds)
        environment.memoryWatch.invocationStarted()
        envelope.removeAll(keepingCapacity: true)
        InvocationEnvelope(requestID: invocation.requestID, alias: invocation.alias).append(to: &envelope)
        instance.invoke(request: 0, envelope: envelope, event: invocation.event)
    }

    /// Ends the instance, which has nothing to do.
    func end() {
        state = .ending
        timer.cancel()
        instance.kill()
    }

    /// Kills the instance because of what its handler did.
    func fail(_ failure: RuntimeFailure) {
        switch state {
        case .running(let invocation): state = .failing(invocation, failure)
        case .loading, .initializing: state = .failing(nil, failure)
        case .unpacking, .idle, .failing, .ending: return
        }
        timer.cancel()
        instance.kill()
    }

    // MARK: InstanceOwner

    func instanceInitializing(_ instance: Instance) {
        guard case .loading = state else { return }
        state = .initializing
        timer.schedule(after: UInt64(deployment.function.initializerTimeout) * 1_000_000_000)
    }

    func instanceReady(_ instance: Instance, _ measurement: ResultHeader) {
        switch state {
        case .loading, .initializing: break
        default: return
        }
        timer.cancel()
        preamble = instance.log.take()
        state = .idle
        hasReportedStart = true
        deployment.started(self)
    }

    func instance(_ instance: Instance, failedToLoad result: ResultHeader, error: [UInt8]) {
        switch state {
        case .loading, .initializing: break
        default: return
        }
        timer.cancel()
        state = .ending
        reportStartFailure(StartFailure(code: result.code, body: error, output: instance.log.take()))
    }

    func instance(_ instance: Instance, answered result: ResultHeader, body: [UInt8]) {
        guard case .running(let invocation) = state else { return }
        timer.cancel()
        guard result.code != ResultHeader.unreadableEvent else {
            state = .idle
            _ = instance.log.take()
            invocation.completion(.failure(.unreadableEvent))
            deployment.becameIdle(self)
            return
        }
        // A handler that ran out of memory leaves a process nobody should trust.
        if result.code == RuntimeCode.memoryExceeded.rawValue {
            state = .ending
            instance.kill()
        } else {
            state = .idle
        }
        finish(invocation, result, body: body)
        if case .idle = state { deployment.becameIdle(self) }
    }

    func instanceEnded(_ instance: Instance) {
        let last = state
        state = .ending
        timer.cancel()
        switch last {
        case .failing(let invocation?, let failure): finish(invocation, failure)
        case .failing(nil, let failure):
            reportStartFailure(StartFailure(failure, output: instance.log.take()))
        case .running(let invocation): finish(invocation, .processExited)
        case .unpacking, .loading, .initializing:
            reportStartFailure(StartFailure(.processExited, output: instance.log.take()))
        case .idle, .ending: break
        }
        deployment.ended(self)
    }

    // MARK: Reports

    private func ranOutOfTime() {
        switch state {
        case .loading: fail(.loadTimedOut(seconds: Self.loadTimeout))
        case .initializing: fail(.initializerTimedOut(seconds: deployment.function.initializerTimeout))
        case .running: fail(.timedOut(seconds: deployment.function.timeout))
        case .unpacking, .idle, .failing, .ending: break
        }
    }

    private func reportStartFailure(_ failure: StartFailure) {
        guard !hasReportedStart else { return }
        hasReportedStart = true
        deployment.failedToStart(self, failure)
    }

    private func finish(_ invocation: Invocation, _ failure: RuntimeFailure) {
        let elapsed = EventLoop.shared.now - invocation.startedAt
        let header = ResultHeader(
            code: failure.code.rawValue, durationNanoseconds: elapsed, cpuNanoseconds: elapsed,
            peakMemoryKiB: peakKiB)
        finish(invocation, header, body: failure.errorObject)
    }

    private func finish(_ invocation: Invocation, _ result: ResultHeader, body: [UInt8]) {
        let function = deployment.function
        let output = instance.log.take()
        var log: [UInt8] = []
        if invocation.wantsLog {
            let now = environment.clock.now()
            let started = Timestamp(
                milliseconds: now.milliseconds - Int64(result.durationNanoseconds / 1_000_000))
            log = InvocationLog(requestID: invocation.requestID, version: function.version, startedAt: started)
                .tail(
                    preamble: preamble, output: output,
                    outcome: (result.code, result.durationNanoseconds, result.peakMemoryKiB),
                    cpuNanoseconds: result.cpuNanoseconds, memorySize: function.memorySize, finishedAt: now)
        }
        preamble = []
        deployment.finished(
            invocation,
            InvocationOutcome(
                code: result.code, body: body, durationNanoseconds: result.durationNanoseconds,
                memoryKiB: result.peakMemoryKiB, memorySize: function.memorySize, log: log))
    }
}

extension FunctionInstance: Hashable {
    nonisolated static func == (left: FunctionInstance, right: FunctionInstance) -> Bool { left === right }

    nonisolated func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}
