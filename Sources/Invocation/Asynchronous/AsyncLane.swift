import FunctionGraph
import Sockets

/// The jobs of one function that wait to run, in order, and how many of it run.
@EventLoopActor
final class AsyncLane {
    /// How many of a function run at once (user manual: concurrent executions of an account).
    static let width = 100

    /// What is called.
    let target: FunctionURN
    private var jobs: [AsyncJob?] = []
    private var head = 0
    var runningCount = 0

    init(_ target: FunctionURN) {
        self.target = target
    }

    var isIdle: Bool { head == jobs.count && runningCount == 0 }

    func append(_ job: AsyncJob) {
        jobs.append(job)
    }

    /// The next job, if another one may run.
    func next() -> AsyncJob? {
        guard runningCount < Self.width, head < jobs.count else { return nil }
        let job = jobs[head]
        jobs[head] = nil
        head += 1
        if head == jobs.count {
            jobs.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 4_096, head * 2 > jobs.count {
            jobs.removeFirst(head)
            head = 0
        }
        return job
    }
}
