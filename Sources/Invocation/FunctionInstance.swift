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
        /// Loaded; `running` says what it does.
        case serving
        /// Killed because of a failure, which is reported when the process has gone and its log is complete. It is
        /// that of one invocation, or of all.
        case failing(RuntimeFailure, of: Invocation?)
        /// Runs its pre-stop handler.
        case stopping
        /// Ended on purpose, with nothing running.
        case ending
    }

    /// The most memory it was seen to hold, in KiB.
    var peakKiB: UInt64 = 0
    /// Since when it has had nothing to do, on the emulator's clock.
    var idleSince = Timestamp(milliseconds: 0)
    /// Whether it stands among those that can take an invocation.
    var isAvailable = false
    /// The invocations it runs, the one that came first at the front.
    var running: [Invocation] { work.running }
    /// What it has been sent while it ran something else, to go on with at once, in that order. It can be taken back
    /// until it is begun.
    var sentAhead: [Invocation] { work.sentAhead }
    /// Its process, once known.
    var process: Int32? { instance.process }

    private let instance: Instance
    private let deployment: Deployment
    private let environment: DeploymentEnvironment
    private var state = State.unpacking
    private let work: InstanceWork
    /// How it was started, for the log of the first invocation.
    private var start: InstanceStart?
    /// Whether it was started for an invocation.
    private var isOnDemand = false
    /// The processor time of its process when it was first seen to run what it runs now, and when it was last seen.
    private var processorTime: (first: UInt64, last: UInt64)?
    private var hasReportedStart = false
    /// When it began to load, on the loop's clock.
    private var loadingSince: UInt64 = 0
    /// While it is found out what it has begun, it is given nothing.
    private var isSettling = false
    /// Whether it ends as soon as it runs nothing.
    private var isSpoiled = false
    private lazy var timer = LoopTimer { [weak self] in self?.ranOutOfTime() }

    init(_ instance: Instance, _ deployment: Deployment, _ environment: DeploymentEnvironment) {
        self.instance = instance
        work = InstanceWork(of: instance)
        self.deployment = deployment
        self.environment = environment
        instance.owner = self
    }

    /// Whether it can take another invocation.
    var hasRoom: Bool {
        takesMore && running.count < deployment.function.concurrency
    }

    /// Whether it is of use, and not only for what it runs already.
    private var takesMore: Bool {
        if case .serving = state { !isSettling && !isSpoiled && !instance.hasExited } else { false }
    }

    /// Whether it does something that another invocation may be sent behind.
    private var canGoOn: Bool {
        // Once output has been read, a result that tells of unread output may be older than that: then what is unread is
        // that of the next.
        guard !instance.log.holdsOutput else { return false }
        // What an instance that nobody called for writes while it loads is nobody's.
        if case .loading = state { return isOnDemand && sentAhead.isEmpty }
        return takesMore && !running.isEmpty && work.hasRoomAhead
    }

    /// Whether it can take over what another has not begun.
    var canTakeOver: Bool { !isStarting && (hasRoom || canGoOn) }

    /// Whether it is not known to have begun what it runs.
    var mayNotHaveBegun: Bool { takesMore && work.mayNotHaveBegun }

    /// Since when it has been loading its function or running what runs longest; nil if it does neither.
    var busySince: UInt64? {
        switch state {
        case .loading, .initializing: loadingSince
        default: running.first?.startedAt
        }
    }

    /// Whether it is on its way to be of use.
    var isStarting: Bool {
        switch state {
        case .unpacking, .loading, .initializing: true
        case .serving, .failing, .stopping, .ending: false
        }
    }

    /// Whether it is on its way to be of no more use.
    var isEnding: Bool {
        switch state {
        case .failing, .stopping, .ending: true
        case .unpacking, .loading, .initializing, .serving: false
        }
    }

    /// Unpacks the code if need be and loads the function. The invocation is the one that asked for it, if one did.
    func start(for invocation: Invocation?) {
        let function = deployment.function
        let requestID = invocation?.requestID ?? ""
        let alias = invocation?.alias ?? ""
        isOnDemand = invocation != nil
        environment.codeCache.directory(for: function.code) { [self] result in
            guard case .unpacking = state else { return }
            switch result {
            case .success(let directory):
                state = .loading
                loadingSince = EventLoop.shared.now
                start = InstanceStart(beganAt: environment.clock.now())
                environment.memoryWatch.begin()
                timer.schedule(after: UInt64(DeployedFunction.loadTimeout) * 1_000_000_000)
                let temporary = environment.temporaryDirectory(of: instance.id)
                instance.load(
                    function.loadPayload(
                        code: directory, temporary: temporary, requestID: requestID, alias: alias))
                deployment.loads(self)
            case .failure(let failure):
                state = .ending
                instance.kill()
                reportStartFailure(StartFailure(failure))
            }
        }
    }

    /// Calls the handler. The instance has room.
    func run(_ invocation: Invocation) {
        work.add(invocation)
        began(invocation)
        work.send(invocation, isAlone: deployment.function.concurrency == 1)
        invocation.onStart()
    }

    /// Sends an invocation that is to be run next, while it loads or runs something else. `begun` of the deployment
    /// follows, or it is taken back.
    ///
    /// - Returns: Whether it was sent.
    func runNext(_ invocation: Invocation) -> Bool {
        canGoOn && deployment.function.concurrency == 1 && work.sendAhead(invocation)
    }

    /// Takes back what was sent ahead and has not been begun; it stands in the line of the deployment again.
    ///
    /// - Parameter includingFirst: Whether what it was to run is taken back too, if it has not begun that either. If it
    ///   has nothing to run then, `becameAvailable` of the deployment is to follow.
    func takeBack(includingFirst: Bool = false) {
        // What fails or is cancelled while it runs stays its own.
        let returned = work.takeBack(includingFirst: includingFirst && takesMore)
        guard !returned.invocations.isEmpty else { return }
        if returned.includesFirst {
            returned.invocations[0].instance = nil
            returned.invocations[0].moves += 1
            deployment.concluded()
        }
        deployment.takeBack(returned.invocations)
        guard returned.includesFirst else { return }
        beginNext()
        if running.isEmpty { timer.cancel() }
    }

    /// As `takeBack`, of an instance that has not become one of its function: whatever it was sent, it has begun nothing,
    /// even if it has read it.
    private func takeBackEverything() {
        takeBack()
        deployment.takeBack(work.takeBackRead())
    }

    /// Finds out what it has begun and what it has answered; what was sent ahead and has not been begun is taken back.
    /// `settled` of the deployment is to follow.
    func settle() {
        guard !sentAhead.isEmpty else { return }
        isSettling = true
        takeBack()
        instance.readAnswers()
        isSettling = false
    }

    /// The invocation is, or is about to be, the business of the process.
    private func began(_ invocation: Invocation) {
        invocation.instance = self
        invocation.startedAt = EventLoop.shared.now
        if running.count == 1 {
            processorTime = nil
            timer.schedule(at: end(of: invocation))
        } else {
            scheduleEndOfFirst()
        }
        environment.memoryWatch.begin()
    }

    /// What was sent ahead first is what it runs now.
    private func beginNext() {
        guard let invocation = work.beginNext() else { return }
        deployment.begun()
        began(invocation)
        invocation.onStart()
    }

    /// When it will have run as long as it may, on the loop's clock.
    private func end(of invocation: Invocation) -> UInt64 {
        invocation.startedAt + UInt64(deployment.function.runningTime(of: invocation)) * 1_000_000_000
    }

    private func scheduleEndOfFirst() {
        guard !running.isEmpty else { return timer.cancel() }
        if let first = running.map(end).min() { timer.schedule(at: first) }
    }

    /// Its process has been looked at while it runs something.
    ///
    /// - Parameter nanoseconds: The processor time the process has used in its life.
    func saw(processorTime nanoseconds: UInt64) {
        processorTime = (processorTime?.first ?? nanoseconds, nanoseconds)
    }

    /// Ends the instance, which has nothing to do. Its pre-stop handler comes first.
    func end() {
        if let timeout = deployment.function.preStopTimeout, case .serving = state {
            state = .stopping
            timer.schedule(after: UInt64(timeout) * 1_000_000_000)
            instance.stop()
        } else {
            state = .ending
            timer.cancel()
            instance.kill()
        }
    }

    /// Kills the instance because of what its handler did.
    ///
    /// - Parameter invocation: Whose failure it is; nil if it is that of all that run.
    func fail(_ failure: RuntimeFailure, of invocation: Invocation? = nil) {
        settle()
        defer { deployment.settled(self) }
        // It may just have ended.
        if let invocation, !work.isRunning(invocation) { return }
        switch state {
        case .serving where !running.isEmpty: state = .failing(failure, of: invocation)
        case .loading, .initializing: state = .failing(failure, of: nil)
        case .unpacking, .serving, .failing, .stopping, .ending: return
        }
        timer.cancel()
        if let process, let used = ProcessUsage.processorNanoseconds(of: process) { saw(processorTime: used) }
        instance.kill()
        deployment.becameUnavailable(self)
    }

    /// Kills the instance because it has not become one of its function, unless it just has.
    func failToStart(_ failure: RuntimeFailure) {
        settle()
        if isStarting { fail(failure) } else { deployment.settled(self) }
    }

    /// Stops an invocation and whatever else it runs.
    func cancel(_ invocation: Invocation) {
        settle()
        if work.isRunning(invocation) { fail(.canceled) } else { deployment.settled(self) }
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
        takeStartOutput()
        start?.initializerNanoseconds = measurement.durationNanoseconds
        if !isOnDemand, let output = start?.output {
            // Nobody's in particular.
            if !output.isEmpty { environment.recordLate(output, deployment.function) }
            start = nil
        }
        state = .serving
        hasReportedStart = true
        beginNext()
        deployment.started(self)
    }

    func instance(_ instance: Instance, failedToLoad result: ResultHeader, error: [UInt8]) {
        switch state {
        case .loading, .initializing: break
        default: return
        }
        timer.cancel()
        state = .ending
        takeBackEverything()
        takeStartOutput()
        reportStartFailure(StartFailure(code: result.code, body: error, start))
    }

    func instance(_ instance: Instance, answered request: UInt64, _ result: ResultHeader, body: [UInt8]) {
        guard case .serving = state, let invocation = work.remove(request) else { return }
        scheduleEndOfFirst()
        guard result.code != ResultHeader.unreadableEvent else {
            deployment.concluded()
            beginNext()
            deployment.becameAvailable(self)
            invocation.completion(.failure(.unreadableEvent))
            return
        }
        if UInt64(result.storageKiB) > UInt64(deployment.function.storageSize) << 10 {
            finish(invocation, .storageExceeded)
            spoil(.storageExceeded)
        } else if result.code == RuntimeCode.memoryExceeded.rawValue {
            // A handler that ran out of memory leaves a process nobody should trust.
            finish(invocation, result, body: body)
            spoil(.memoryExceeded)
        } else {
            // The next one in line runs while this one is answered; what it writes comes behind.
            let text = takeOutput(emptiesPipe: result.hasUnreadOutput)
            deployment.pace.saw(duration: result.durationNanoseconds, wrote: !text.output.isEmpty)
            deployment.concluded()
            beginNext()
            deployment.becameAvailable(self)
            report(invocation, result, body: body, text)
        }
        if isSpoiled, running.isEmpty { end() }
    }

    /// An invocation has left it unfit for others. Those that run beside it fail as well, but one that began after it
    /// had ended may go on.
    private func spoil(_ failure: RuntimeFailure) {
        takeBack()
        isSpoiled = true
        deployment.becameUnavailable(self)
        if !running.isEmpty { fail(failure) }
        beginNext()
        deployment.settled(self)
    }

    func instanceHasOutput(_ instance: Instance) {
        guard !sentAhead.isEmpty else { return instance.log.read() }
        settle()
        instance.log.read()
        deployment.settled(self)
    }

    func instance(_ instance: Instance, wrote text: [UInt8], for request: UInt64) {
        if let invocation = running.first(where: { $0.number == request }) {
            invocation.output.append(text)
        } else {
            environment.recordLate(text, deployment.function)
        }
    }

    func instanceEnded(_ instance: Instance) {
        let last = state
        state = .ending
        if hasReportedStart {
            takeBack()
            // What is left was begun before anybody knew.
            beginNext()
        } else {
            takeBackEverything()
        }
        timer.cancel()
        switch last {
        case .failing(let failure, let victim) where hasReportedStart:
            for invocation in running {
                finish(invocation, victim == nil || victim === invocation ? failure : .processExited)
            }
        case .failing(let failure, _):
            takeStartOutput()
            reportStartFailure(StartFailure(failure, start))
        case .serving:
            for invocation in running { finish(invocation, .processExited) }
        case .unpacking, .loading, .initializing:
            // When nobody can tell how it ended, it was not by itself: the zygote has ended and its instances with it.
            let isToBlame = instance.exitStatus != nil
            let duringInitializer = if case .initializing = last { true } else { false }
            takeStartOutput()
            reportStartFailure(
                StartFailure(
                    .processExited, start,
                    isWorthAnotherAttempt: duringInitializer || !isToBlame))
        case .stopping, .ending: break
        }
        work.removeRunning()
        let rest = instance.log.take()
        if !rest.isEmpty { environment.recordLate(rest, deployment.function) }
        environment.removeTemporaryDirectory(of: instance.id)
        deployment.ended(self)
    }

    // MARK: Reports

    private func ranOutOfTime() {
        switch state {
        case .loading: failToStart(.loadTimedOut(seconds: DeployedFunction.loadTimeout))
        case .initializing:
            failToStart(.initializerTimedOut(seconds: deployment.function.initializerTimeout))
        case .serving:
            if let first = running.min(by: { end(of: $0) < end(of: $1) }) {
                fail(.timedOut(seconds: deployment.function.runningTime(of: first)), of: first)
            }
        case .stopping:
            state = .ending
            instance.kill()
        case .unpacking, .failing, .ending: break
        }
    }

    private func reportStartFailure(_ failure: StartFailure) {
        guard !hasReportedStart else { return }
        hasReportedStart = true
        deployment.failedToStart(self, failure)
    }

    private func finish(_ invocation: Invocation, _ failure: RuntimeFailure) {
        let elapsed = EventLoop.shared.now - invocation.startedAt
        // Whoever ends before it is looked at has been busy.
        let header = ResultHeader(
            code: failure.code.rawValue, durationNanoseconds: elapsed,
            cpuNanoseconds: processorTime.map { $0.last - $0.first } ?? elapsed,
            peakMemoryKiB: peakKiB)
        finish(invocation, header, body: failure.errorObject)
    }

    private func finish(_ invocation: Invocation, _ result: ResultHeader, body: [UInt8]) {
        deployment.concluded()
        report(invocation, result, body: body, takeOutput())
    }

    /// What is written while an instance is started begins with what the function runs on.
    private func takeStartOutput() {
        let function = deployment.function
        let interpreter = environment.pythons.factory(for: function.runtime).interpreter
        start?.announce("Runtime \(function.runtime) is run by \(interpreter)")
        start?.output += instance.log.take()
    }

    /// How it was started, once, and what has come through the pipe. With several invocations at once that is nobody's
    /// in particular; the first to end gets it.
    private func takeOutput(emptiesPipe: Bool = true) -> (start: InstanceStart?, output: [UInt8]) {
        defer { start = nil }
        return (start, instance.log.take(emptiesPipe: emptiesPipe))
    }

    private func report(
        _ invocation: Invocation, _ result: ResultHeader, body: [UInt8],
        _ text: (start: InstanceStart?, output: [UInt8])
    ) {
        var outcome = InvocationOutcome(
            code: result.code, body: body, durationNanoseconds: result.durationNanoseconds,
            cpuNanoseconds: result.cpuNanoseconds, memoryKiB: result.peakMemoryKiB,
            memorySize: deployment.function.memorySize, storageKiB: result.storageKiB,
            initializerNanoseconds: text.start?.initializerNanoseconds ?? 0)
        environment.conclude(invocation, deployment, &outcome, start: text.start, output: text.output)
    }
}

extension FunctionInstance: Hashable {
    nonisolated static func == (left: FunctionInstance, right: FunctionInstance) -> Bool { left === right }

    nonisolated func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}
