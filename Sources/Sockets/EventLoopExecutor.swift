import CSystem
import Dispatch
import Glibc
import Synchronization

/// Brings work from other threads to the event loop: jobs of Swift concurrency, and plain closures.
///
/// Work is kept under a lock that is held for an append only, and an eventfd wakes the loop when it sleeps.
final class EventLoopExecutor: SerialExecutor {
    static let shared = EventLoopExecutor()

    private enum Work {
        case job(UnownedJob)
        case closure(@EventLoopActor @Sendable () -> Void)
    }

    private struct State {
        var work: [Work] = []
        var wakeIsPending = false
        var isStarted = false
    }

    private let state = Mutex(State())
    private let loopThread = Atomic<UInt>(0)

    /// Becomes readable when work arrived.
    let wakeDescriptor: Int32

    private init() {
        wakeDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(wakeDescriptor >= 0, "no descriptor left for the event loop")
    }

    var isOnLoop: Bool { loopThread.load(ordering: .relaxed) == UInt(pthread_self()) }

    func enqueue(_ job: consuming ExecutorJob) {
        add(.job(UnownedJob(job)))
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    func checkIsolated() {
        precondition(isOnLoop, "this code belongs on the event loop")
    }

    func isIsolatingCurrentContext() -> Bool? { isOnLoop }

    func post(_ closure: @escaping @EventLoopActor @Sendable () -> Void) {
        add(.closure(closure))
    }

    private func add(_ work: Work) {
        let (mustStart, mustWake) = state.withLock { state in
            state.work.append(work)
            defer {
                state.isStarted = true
                state.wakeIsPending = true
            }
            return (!state.isStarted, !state.wakeIsPending)
        }
        if mustStart { start() }
        if mustWake {
            var one: UInt64 = 1
            _ = write(wakeDescriptor, &one, 8)
        }
    }

    /// Dispatch owns the thread the loop runs on; the loop never gives it back.
    private func start() {
        DispatchQueue(label: "event-loop", qos: .userInteractive).async {
            self.loopThread.store(UInt(pthread_self()), ordering: .relaxed)
            EventLoopActor.assumeIsolated { EventLoop.shared.run() }
        }
    }

    /// Runs what has arrived. Work that arrives meanwhile waits for the loop's next turn.
    @EventLoopActor
    func runArrivedWork() {
        var drained: UInt64 = 0
        _ = read(wakeDescriptor, &drained, 8)
        let work = state.withLock { state in
            state.wakeIsPending = false
            var taken: [Work] = []
            swap(&taken, &state.work)
            return taken
        }
        for item in work {
            switch item {
            case .job(let job): job.runSynchronously(on: asUnownedSerialExecutor())
            case .closure(let closure): closure()
            }
        }
    }
}
