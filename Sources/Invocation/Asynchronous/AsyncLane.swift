import FunctionGraph
import Sockets
import Timekeeping

/// The jobs of one function that wait to run, in order, and how many of it run.
@EventLoopActor
final class AsyncLane {
    /// How many of a function run at once (user manual: concurrent executions of an account).
    static let width = 100

    private var jobs = Deque<AsyncJob>()
    /// How many run or wait for an instance.
    var runningCount = 0
    /// How old its events may become, in seconds, as far as is known.
    var maximumAge = 3_600
    /// Calls when the first that waits has grown too old.
    private(set) lazy var expiry = ClockTimer(timekeeper) { [weak self] _ in
        guard let self else { return }
        onExpiry(self)
    }

    /// The function.
    let target: FunctionURN

    private let timekeeper: Timekeeper
    private let onExpiry: (AsyncLane) -> Void

    init(_ target: FunctionURN, _ timekeeper: Timekeeper, onExpiry: @escaping (AsyncLane) -> Void) {
        self.target = target
        self.timekeeper = timekeeper
        self.onExpiry = onExpiry
    }

    var isIdle: Bool { runningCount == 0 && first == nil }

    /// Whether another one may run.
    var hasRoom: Bool { runningCount < Self.width }

    func append(_ job: AsyncJob) {
        jobs.append(job)
    }

    /// The first that waits; what is over does not wait.
    var first: AsyncJob? {
        while let job = jobs.first {
            if !job.isOver { return job }
            _ = jobs.popFirst()
        }
        return nil
    }

    func popFirst() -> AsyncJob? {
        guard let first else { return nil }
        _ = jobs.popFirst()
        return first
    }
}
