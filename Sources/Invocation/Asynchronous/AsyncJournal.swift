import FunctionGraph
import FunctionStore
import Logging
import Sockets

/// Writes down what is accepted and what becomes of it.
///
/// Everything that has to be written while a transaction is under way goes into the next one, so many requests
/// share the cost of one.
@EventLoopActor
final class AsyncJournal {
    private struct Entry {
        let request: FunctionStore.AcceptedRequest
        let completion: (Result<Void, FGSError>) -> Void
    }

    private let store: FunctionStore
    private let workQueue: WorkQueue
    private let logger: Logger
    private var accepting: [Entry] = []
    private var progress: [FunctionStore.RequestProgress] = []
    private var flushing: [() -> Void] = []
    private var isWriting = false
    private var isClosed = false
    private lazy var timer = LoopTimer { [weak self] in self?.write() }

    /// For how long progress waits for company, in nanoseconds.
    private static let progressInterval: UInt64 = 50_000_000
    /// After how long what could not be written is tried again, in nanoseconds.
    private static let secondAttemptInterval: UInt64 = 1_000_000_000

    /// Told after each transaction.
    var written: () -> Void = {}

    /// A journal in a store. The queue runs one piece of work at a time.
    init(store: FunctionStore, workQueue: WorkQueue, logger: Logger) {
        self.store = store
        self.workQueue = workQueue
        self.logger = logger
    }

    /// Whether no request waits to be kept.
    var isIdle: Bool { accepting.isEmpty && !isWriting }

    /// Keeps a request; `completion` is called when it is on disk, or cannot be.
    func accept(
        _ request: FunctionStore.AcceptedRequest, completion: @escaping (Result<Void, FGSError>) -> Void
    ) {
        accepting.append(Entry(request: request, completion: completion))
        write()
    }

    /// Writes down, soon, what has become of a request.
    func note(_ item: FunctionStore.RequestProgress) {
        progress.append(item)
        if timer.deadline == nil { timer.schedule(after: Self.progressInterval) }
    }

    /// Writes down everything that has been noted, and `items`, and calls back when it can be read.
    func flush(_ items: [FunctionStore.RequestProgress], completion: @escaping () -> Void) {
        progress += items
        flushing.append(completion)
        write()
    }

    /// Writes nothing more, since the store is about to be closed: what comes now is not accepted.
    func close() {
        isClosed = true
        timer.cancel()
    }

    private func write() {
        guard !isClosed, !isWriting, !accepting.isEmpty || !progress.isEmpty || !flushing.isEmpty else {
            return
        }
        timer.cancel()
        isWriting = true
        var accepted: [Entry] = []
        swap(&accepted, &accepting)
        var changes: [FunctionStore.RequestProgress] = []
        swap(&changes, &progress)
        var waiting: [() -> Void] = []
        swap(&waiting, &flushing)
        let store = store
        let requests = accepted.map(\.request)
        workQueue.run { [changes] in
            Result { try store.write(accepted: requests, progress: changes) }
        } then: { [self] result in
            isWriting = false
            var hasFailed = false
            switch result {
            case .success:
                for entry in accepted { entry.completion(.success(())) }
            case .failure(let error):
                logger.error("asynchronous invocations cannot be stored: \(error)")
                // What has happened stays to be written down, or a request that is over would run for ever.
                progress = changes + progress
                hasFailed = true
                let refusal = FGSError(.internalError, "the request could not be stored: \(error)")
                for entry in accepted { entry.completion(.failure(refusal)) }
            }
            for completion in waiting { completion() }
            if hasFailed, accepting.isEmpty, flushing.isEmpty {
                timer.schedule(after: Self.secondAttemptInterval)
            } else {
                write()
            }
            written()
        }
    }
}
