import Dispatch

/// Takes slow work off the event loop: database, archives, waiting for other processes.
///
/// At most `width` pieces run at once, each on a Dispatch thread; the rest wait here in order, so that a
/// burst of requests costs memory for their bodies and never a thread each.
@EventLoopActor
public final class WorkQueue {
    private let width: Int
    private let queue: DispatchQueue
    private var waiting = Deque<@Sendable () -> Void>()
    private var running = 0

    /// A queue that runs at most `width` pieces of work at once.
    ///
    /// - Parameter qos: How much its work is in a hurry. Dispatch gives threads of work that is in none a lower
    ///   priority, so that the loop and the instances interrupt it.
    public init(label: String, width: Int, qos: DispatchQoS = .unspecified) {
        self.width = width
        queue = DispatchQueue(label: label, qos: qos, attributes: .concurrent)
    }

    /// Runs `work` on another thread, then `completion` on the loop with its result.
    public func run<Result: Sendable>(
        _ work: @escaping @Sendable () -> Result,
        then completion: @escaping @EventLoopActor @Sendable (Result) -> Void
    ) {
        let piece: @Sendable () -> Void = {
            let result = work()
            EventLoop.post {
                self.pieceEnded()
                completion(result)
            }
        }
        if running < width {
            running += 1
            queue.async(execute: piece)
        } else {
            waiting.append(piece)
        }
    }

    /// Runs `work` on another thread, again every second until it throws nothing; then `completion` on the loop.
    ///
    /// - Parameter failed: Told on the loop of every error.
    public func runUntilDone<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value,
        failed: @escaping @EventLoopActor @Sendable (any Error) -> Void,
        then completion: @escaping @EventLoopActor @Sendable (Value) -> Void
    ) {
        run {
            Result { try work() }
        } then: { [self] result in
            switch result {
            case .success(let value): completion(value)
            case .failure(let error):
                failed(error)
                LoopTimer { [self] in runUntilDone(work, failed: failed, then: completion) }
                    .schedule(after: Self.pause)
            }
        }
    }

    /// The time after which work that failed is done again, in nanoseconds.
    private static let pause: UInt64 = 1_000_000_000

    private func pieceEnded() {
        if let next = waiting.popFirst() {
            queue.async(execute: next)
        } else {
            running -= 1
        }
    }
}
