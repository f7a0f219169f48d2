import FunctionGraph
import FunctionStore
import Sockets
import Timekeeping

/// An asynchronous invocation on its way from its acceptance to its end.
@EventLoopActor
final class AsyncJob {
    let id: String
    /// What was called.
    let target: FunctionURN
    /// The URN of the version that lists show.
    let functionURN: String
    let acceptedAt: Timestamp
    /// The memory it asks for; nil for that of the function.
    let memory: MemorySize?
    /// The event; nil while only the store has it.
    var event: [UInt8]?
    /// How many attempts have ended.
    var attempts = 0
    /// How often in a row there was no instance for it.
    var refusals = 0
    /// When its handler was called first.
    var startedAt: Timestamp?
    /// What runs it or waits for an instance to, and where.
    var attempt: (invocation: Invocation, deployment: Deployment)?
    /// Whether its handler has been called and has not answered.
    var isRunning = false
    /// Ends its waiting for an instance when it has grown too old.
    var expiry: ClockTimer?
    /// Whether its running has been written down.
    var isKnownToRun = false
    /// Told how it ended.
    var ended: AsyncQueue.Ended?
    /// Whether nothing more is to happen.
    var isOver = false

    init(
        id: String, target: FunctionURN, functionURN: String, acceptedAt: Timestamp, memory: MemorySize?,
        event: [UInt8]?, attempts: Int = 0
    ) {
        self.id = id
        self.target = target
        self.functionURN = functionURN
        self.acceptedAt = acceptedAt
        self.memory = memory
        self.event = event
        self.attempts = attempts
    }

    /// When it is too old to be run, if it may become so many seconds old.
    func expires(atAge seconds: Int) -> Timestamp {
        acceptedAt.advanced(byMilliseconds: Int64(seconds) * 1_000)
    }

    /// Its handler is called.
    func started(at time: Timestamp) {
        if startedAt == nil { startedAt = time }
        isRunning = true
        expiry?.cancel()
    }

    /// Nothing runs it and nothing waits for an instance any more.
    func attemptEnded() {
        attempt = nil
        isRunning = false
        expiry?.cancel()
        expiry = nil
    }

    /// How it stands in the store.
    func progress(
        _ status: AsyncStatus, code: Int = 0, message: String = "", dueAt: Timestamp,
        endedAt: Timestamp? = nil
    ) -> FunctionStore.RequestProgress {
        FunctionStore.RequestProgress(
            id: id, status: status, attempts: attempts, errorCode: code, errorMessage: message, dueAt: dueAt,
            startedAt: startedAt, endedAt: endedAt)
    }
}
