import FunctionGraph
import FunctionStore
import Sockets

/// An asynchronous invocation on its way from its acceptance to its end.
@EventLoopActor
final class AsyncJob {
    let id: String
    /// What was called.
    let target: FunctionURN
    /// The URN of the version that lists show.
    let functionURN: String
    let acceptedAt: Timestamp
    /// The event; nil while only the store has it.
    var event: [UInt8]?
    /// How many attempts have ended.
    var attempts = 0
    var startedAt: Timestamp?
    /// What runs it now, and where.
    var running: (invocation: Invocation, deployment: Deployment)?
    /// Whether its running has been written down.
    var isKnownToRun = false
    /// Told how it ended.
    var ended: AsyncQueue.Ended?
    /// Whether nothing more is to happen.
    var isOver = false

    init(
        id: String, target: FunctionURN, functionURN: String, acceptedAt: Timestamp, event: [UInt8]?,
        attempts: Int = 0
    ) {
        self.id = id
        self.target = target
        self.functionURN = functionURN
        self.acceptedAt = acceptedAt
        self.event = event
        self.attempts = attempts
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
