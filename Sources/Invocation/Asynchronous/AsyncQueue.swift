import FunctionGraph
import FunctionStore
import Logging
import Sockets
import Timekeeping

/// Asynchronous invocations: kept before they are accepted, run when there is room, tried again, and reported to
/// their destinations. Each one that was accepted runs at least once, whatever becomes of the server.
@EventLoopActor
public final class AsyncQueue {
    /// Told how a request ended: with which code, and with which message if it failed.
    public typealias Ended = (_ status: AsyncStatus, _ code: Int, _ message: String) -> Void

    private let store: FunctionStore
    private let invoker: Invoker
    private let workQueue: WorkQueue
    private let destinations: Destinations
    private let region: String
    private let logger: Logger
    private let journal: AsyncJournal

    private var lanes: [FunctionURN: AsyncLane] = [:]
    private var unfinished: [String: AsyncJob] = [:]
    private var retries: [String: ClockTimer] = [:]
    /// How many requests wait to hear what they call.
    private var entering = 0
    /// Which requests have come since what an earlier server accepted began to be read; nil when that is done.
    private var acceptedMeanwhile: Set<String>?
    private var isStopped = false
    private var isAbandoned = false
    /// The bytes of events that are held in memory.
    private var eventBytes = 0
    private var quiet: [() -> Void] = []
    private lazy var history = AsyncHistory(
        store: store, workQueue: workQueue, clock: clock, logger: logger)

    private var clock: Clock { invoker.timekeeper.clock }

    /// Events beyond this many bytes are left to the store until their turn.
    private static let eventLimit = 64 << 20
    /// The pause before the first retry and the longest one, in milliseconds; each is twice the one before.
    private static let retryPause: (first: Int64, longest: Int64) = (1_000, 60_000)
    /// How long an event is good for when nobody has said, in seconds.
    private static let standardAge = 3_600

    /// A queue that has started nothing yet.
    public init(
        store: FunctionStore, invoker: Invoker, workQueue: WorkQueue, destinations: Destinations,
        region: String,
        logger: Logger
    ) {
        self.store = store
        self.invoker = invoker
        self.workQueue = workQueue
        self.destinations = destinations
        self.region = region
        self.logger = logger
        journal = AsyncJournal(store: store, workQueue: workQueue, logger: logger)
        journal.written = { [weak self] in self?.checkQuiet() }
    }

    /// Goes on with what an earlier server accepted and did not finish.
    public func start() {
        history.start()
        acceptedMeanwhile = []
        let (store, region) = (store, region)
        workQueue.runUntilDone {
            try store.unfinishedRequests(region: region)
        } failed: { [logger] error in
            logger.error("asynchronous invocations cannot be read yet: \(error)")
        } then: { [self] requests in
            if !requests.isEmpty {
                logger.info("going on with \(requests.count) asynchronous invocations")
            }
            // What was accepted meanwhile is under way, and may be done.
            for request in requests where acceptedMeanwhile?.contains(request.id) != true {
                let job = AsyncJob(
                    id: request.id, target: request.target, functionURN: request.functionURN,
                    acceptedAt: request.acceptedAt, memory: request.memory, event: nil,
                    attempts: request.attempts)
                unfinished[job.id] = job
                if request.dueAt > clock.now() { retry(job, at: request.dueAt) } else { enqueue(job) }
            }
            acceptedMeanwhile = nil
        }
    }

    /// Accepts an invocation: `completion` is called when it is kept.
    ///
    /// - Parameters:
    ///   - id: The request id.
    ///   - event: The event's JSON; empty for none.
    ///   - memory: The memory that the instance is to have, if the function lets its callers choose.
    ///   - ended: Told how it ended, if that happens before this server does.
    public func accept(
        _ urn: FunctionURN, id: String, event: [UInt8], memory: MemorySize? = nil,
        completion: @escaping (Result<Void, FGSError>) -> Void,
        ended: Ended? = nil
    ) {
        entering += 1
        invoker.deployment(of: urn, memory: memory) { [self] result in
            entering -= 1
            defer { checkQuiet() }
            do throws(FGSError) {
                let function = try result.get().0.function
                guard function.function.configuration.runtime.family != .http else {
                    throw FGSError(.upgradeRequired, "HTTP functions cannot be invoked asynchronously")
                }
                guard function.maximumInstances != 0 else {
                    throw invoker.fidelity.functionDisabled
                }
                let request = FunctionStore.AcceptedRequest(
                    id: id, target: urn, functionURN: function.name, event: event, acceptedAt: clock.now(),
                    memory: memory)
                acceptedMeanwhile?.insert(id)
                journal.accept(request) { [self] result in
                    guard case .success = result else { return completion(result) }
                    let job = AsyncJob(
                        id: request.id, target: request.target, functionURN: request.functionURN,
                        acceptedAt: request.acceptedAt, memory: request.memory, event: request.event)
                    job.ended = ended
                    hold(job)
                    unfinished[job.id] = job
                    completion(result)
                    enqueue(job)
                }
            } catch {
                completion(.failure(error))
            }
        }
    }

    /// Stops a request: one that waits does not run any more, the instance of one that runs is ended.
    ///
    /// - Parameter stopsCalls: Whether the functions that its handler has called and waits for are stopped too.
    /// - Returns: Whether there is an unfinished request of this id.
    public func cancel(_ id: String, of urn: FunctionURN, stopsCalls: Bool = false) -> Bool {
        guard let job = unfinished[id], job.target.isSameFunction(as: urn) else { return false }
        cancel(job, stopsCalls: stopsCalls)
        return true
    }

    private func cancel(_ job: AsyncJob, stopsCalls: Bool = false) {
        end(job, .failed, .canceled)
        guard let (invocation, deployment) = job.attempt else { return }
        if stopsCalls {
            invoker.cancelWithCalls(invocation, in: deployment)
        } else {
            invoker.cancel(invocation, in: deployment)
        }
    }

    /// Stops every request.
    public func cancelAll() {
        for job in Array(unfinished.values) { cancel(job) }
    }

    /// Writes down what has happened up to now, what runs at the moment included, and calls back when it can be
    /// read.
    public func flush(_ completion: @escaping () -> Void) {
        let news = unfinished.values.filter { $0.isRunning && !$0.isKnownToRun }
        for job in news { job.isKnownToRun = true }
        journal.flush(news.map { $0.progress(.running, dueAt: $0.acceptedAt) }, completion: completion)
    }

    /// Calls back when nothing runs and nothing waits to run at once. What waits for a time of the clock does not
    /// count.
    public func whenQuiet(_ body: @escaping () -> Void) {
        quiet.append(body)
        checkQuiet()
    }

    /// Keeps an event in memory if there is room; its turn is usually near.
    private func hold(_ job: AsyncJob) {
        guard let event = job.event else { return }
        if eventBytes + event.count > Self.eventLimit {
            job.event = nil
        } else {
            eventBytes += event.count
        }
    }

    // MARK: Running

    private func enqueue(_ job: AsyncJob) {
        let lane =
            lanes[job.target] ?? AsyncLane(job.target, invoker.timekeeper) { [weak self] in self?.expire($0) }
        lanes[job.target] = lane
        lane.append(job)
        advance(lane)
    }

    private func advance(_ lane: AsyncLane) {
        guard !isStopped else { return }
        while lane.hasRoom, let job = lane.popFirst() { begin(job, lane) }
        if let first = lane.first {
            lane.expiry.schedule(at: first.expires(atAge: lane.maximumAge))
        } else if lane.runningCount == 0, lanes[lane.target] === lane {
            lanes[lane.target] = nil
        }
    }

    /// Has those looked at that have waited as long as they may; they may be the ones that have to go.
    private func expire(_ lane: AsyncLane) {
        guard !isStopped else { return }
        while let first = lane.first, first.expires(atAge: lane.maximumAge) <= clock.now() {
            _ = lane.popFirst()
            begin(first, lane)
        }
        advance(lane)
    }

    private func begin(_ job: AsyncJob, _ lane: AsyncLane) {
        lane.runningCount += 1
        fetchEvent(of: job, lane)
    }

    private func fetchEvent(of job: AsyncJob, _ lane: AsyncLane) {
        guard let event = job.event else {
            let (store, id) = (store, job.id)
            workQueue.run {
                Result { try store.asyncEvent(id) }
            } then: { [self] result in
                // It may have been stopped meanwhile.
                guard !job.isOver else { return leave(lane) }
                switch result {
                case .success(let event):
                    job.event = event
                    eventBytes += event.count
                    fetchEvent(of: job, lane)
                case .failure(let error):
                    logger.error("the event of an asynchronous invocation cannot be read: \(error)")
                    leave(lane)
                    refused(job)
                }
            }
            return
        }
        invoker.deployment(of: job.target, memory: job.memory) { [self] result in
            switch result {
            case .failure(let error) where error.code == .internalError:
                leave(lane)
                if !job.isOver { refused(job) }
            case .failure(let error):
                leave(lane)
                end(job, .failed, code: 4_024, message: error.message)
            case .success((let deployment, let alias)):
                guard !job.isOver, !isStopped else { return leave(lane) }
                let age = deployment.asyncConfiguration?.maximumAgeSeconds ?? Self.standardAge
                lane.maximumAge = age
                guard clock.now() < job.expires(atAge: age) else {
                    leave(lane)
                    return discard(job, deployment, age)
                }
                run(job, event, lane, deployment, alias)
            }
        }
    }

    private func run(
        _ job: AsyncJob, _ event: [UInt8], _ lane: AsyncLane, _ deployment: Deployment, _ alias: String
    ) {
        let invocation = Invocation(
            requestID: job.id, alias: alias, event: event, wantsLog: false, isAsynchronous: true
        ) { [self] result in
            job.attemptEnded()
            leave(lane)
            conclude(job, deployment, result)
        }
        invocation.onStart = { [self] in job.started(at: clock.now()) }
        job.attempt = (invocation, deployment)
        deployment.run(invocation)
        if job.attempt != nil, !job.isRunning { waitForInstance(job, lane) }
    }

    /// Nothing waits longer than it is good for.
    private func waitForInstance(_ job: AsyncJob, _ lane: AsyncLane) {
        let age = lane.maximumAge
        let expiry = ClockTimer(invoker.timekeeper) { [weak self] _ in
            guard let self, let (invocation, deployment) = job.attempt, deployment.withdraw(invocation) else {
                return
            }
            job.attemptEnded()
            leave(lane)
            discard(job, deployment, age)
        }
        expiry.schedule(at: job.expires(atAge: age))
        job.expiry = expiry
    }

    private func discard(_ job: AsyncJob, _ deployment: Deployment, _ age: Int) {
        end(
            job, .discarded, code: 0, message: "the event is older than \(age) s", deployment,
            condition: "EventAgeExceeded")
    }

    private func leave(_ lane: AsyncLane) {
        lane.runningCount -= 1
        // Not at once: a handler that fails without running would otherwise recurse through the whole lane.
        EventLoop.shared.atEndOfTurn { [self] in advance(lane) }
    }

    private func conclude(
        _ job: AsyncJob, _ deployment: Deployment, _ result: Result<InvocationOutcome, InvocationRefusal>
    ) {
        guard !job.isOver, !isAbandoned else { return }
        if case .success = result {
            job.attempts += 1
            job.refusals = 0
        }
        switch result {
        case .success(let outcome) where outcome.isSuccess:
            end(job, .succeeded, code: 0, message: "", deployment, payload: outcome.body)
        case .success(let outcome) where outcome.code == RuntimeCode.canceled.rawValue:
            end(job, .failed, .canceled)
        case .success(let outcome):
            let retries = deployment.asyncConfiguration?.maximumRetries ?? 0
            if job.attempts <= retries {
                retry(job, at: nextAttempt(of: job))
            } else {
                let condition =
                    outcome.code == RuntimeCode.invocationTimedOut.rawValue
                    ? "Timeout" : retries > 0 ? "RetriesExhausted" : "UnhandledInvocationError"
                end(
                    job, .failed, code: Int(outcome.code), message: outcome.errorMessage, deployment,
                    condition: condition, payload: outcome.body)
            }
        case .failure(.functionDisabled):
            end(
                job, .failed, code: 150_434, message: "Function Disabled", deployment,
                condition: "FunctionDisabled")
        case .failure(.unreadableEvent):
            end(
                job, .failed, code: 4_001, message: "the event is not JSON", deployment,
                condition: "InvalidEvent")
        case .failure(.tooManyRequests), .failure(.platform):
            refused(job)
        }
    }

    /// The platform's fault: it is tried again as long as the event is young enough.
    private func refused(_ job: AsyncJob) {
        job.refusals += 1
        retry(job, at: nextAttempt(of: job))
    }

    private func nextAttempt(of job: AsyncJob) -> Timestamp {
        let pause = Self.retryPause.first << Int64(min(max(job.attempts, job.refusals) - 1, 16))
        return clock.now().advanced(byMilliseconds: min(pause, Self.retryPause.longest))
    }

    private func retry(_ job: AsyncJob, at time: Timestamp) {
        journal.note(job.progress(.waiting, dueAt: time))
        job.isKnownToRun = false
        let timer = ClockTimer(invoker.timekeeper) { [weak self] _ in
            self?.retries[job.id] = nil
            self?.enqueue(job)
        }
        retries[job.id] = timer
        timer.schedule(at: time)
        checkQuiet()
    }

    private func end(_ job: AsyncJob, _ status: AsyncStatus, _ failure: RuntimeFailure) {
        end(job, status, code: Int(failure.code.rawValue), message: failure.message)
    }

    private func end(
        _ job: AsyncJob, _ status: AsyncStatus, code: Int, message: String, _ deployment: Deployment? = nil,
        condition: String = "", payload: [UInt8] = []
    ) {
        guard !job.isOver else { return }
        job.isOver = true
        retries.removeValue(forKey: job.id)?.cancel()
        unfinished[job.id] = nil
        eventBytes -= job.event?.count ?? 0
        let now = clock.now()
        journal.note(job.progress(status, code: code, message: message, dueAt: now, endedAt: now))
        if let deployment, let configuration = deployment.asyncConfiguration,
            let destination = status == .succeeded ? configuration.onSuccess : configuration.onFailure
        {
            let report = AsyncReport(
                requestID: job.id, function: deployment.function, startedAt: job.startedAt ?? job.acceptedAt,
                condition: condition, retries: max(0, job.attempts - 1), event: job.event ?? [],
                payload: payload,
                isSuccess: status == .succeeded)
            destinations.deliver(report, to: destination, through: self)
        }
        job.ended?(status, code, message)
        checkQuiet()
    }

    /// Begins nothing more. What runs may come to its end.
    public func stop() {
        isStopped = true
    }

    /// What still runs is as if it had not begun: the next server runs it.
    public func abandon() {
        isStopped = true
        isAbandoned = true
        history.stop()
    }

    /// Writes nothing more, since the store is about to be closed: what timers still fire is not accepted.
    public func finish() {
        journal.close()
    }

    private func checkQuiet() {
        guard !quiet.isEmpty, entering == 0, journal.isIdle, lanes.values.allSatisfy(\.isIdle),
            !destinations.isBusy
        else { return }
        var waiting: [() -> Void] = []
        swap(&waiting, &quiet)
        for body in waiting { body() }
    }

    /// A destination has been reached, or not.
    func deliveryEnded() {
        checkQuiet()
    }
}
