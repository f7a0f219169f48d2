import Dispatch

/// Takes slow work off the event loop: database, archives, waiting for other processes.
///
/// At most `width` pieces run at once, each on a Dispatch thread; the rest wait here in order, so that a
/// burst of requests costs memory for their bodies and never a thread each.
@EventLoopActor
public final class WorkQueue {
    private let width: Int
    private let queue: DispatchQueue
    private var waiting: [@Sendable () -> Void] = []
    private var nextWaiting = 0
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

    private func pieceEnded() {
        guard nextWaiting < waiting.count else {
            running -= 1
            return
        }
        queue.async(execute: waiting[nextWaiting])
        nextWaiting += 1
        if nextWaiting == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            nextWaiting = 0
        }
    }
}
