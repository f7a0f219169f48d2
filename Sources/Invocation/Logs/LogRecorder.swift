import FunctionGraph
import FunctionStore
import Logging
import Sockets
import Timekeeping

/// Keeps what functions write: gathers it on the loop, and stores it behind the back of whoever invokes them.
@EventLoopActor
public final class LogRecorder {
    private let store: LogStore
    /// In no hurry, so that the loop and the instances interrupt it; one thing at a time, in order.
    private let queue = WorkQueue(label: "fgs-emulator.logs", width: 1, qos: .background)
    private let clock: Clock
    private let bytesPerFunction: Int
    private let logger: Logger
    /// One for each function that has written since the last were stored.
    private var chunks: [LogChunk] = []
    private var places: [String: Int] = [:]
    /// The place of the function that wrote last, which is most often the next to write.
    private var lastPlace = 0
    private var byteCount = 0
    /// Bytes stored since old entries were last forgotten, as far as is known: earlier servers may have left some.
    private var unprunedCount: Int
    private var followers: [ObjectIdentifier: LogFollower] = [:]
    private lazy var timer = LoopTimer { [weak self] in self?.write() }

    /// For how long entries gather, in nanoseconds.
    private static let interval: UInt64 = 200_000_000
    /// Entries that take more than this are written at once. It is much for one transaction, and little enough for an
    /// instance to wait until it is written, if both are on one processor: half a millisecond.
    private static let gatheredLimit = 128 << 10
    /// Entries older than this are forgotten, in milliseconds.
    private static let lifetime: Int64 = 7 * 86_400_000

    /// A recorder that keeps up to `bytesPerFunction` bytes of each function.
    public init(_ store: LogStore, clock: Clock, bytesPerFunction: Int, logger: Logger) {
        self.store = store
        self.clock = clock
        self.bytesPerFunction = bytesPerFunction
        unprunedCount = bytesPerFunction
        self.logger = logger
    }

    func record(
        _ function: DeployedFunction, requestID: String, code: UInt32, at time: Timestamp, _ text: [UInt8]
    ) {
        let place = place(of: function)
        chunks[place].append(
            time: time, requestID: requestID, version: function.version, code: code, text: text)
        byteCount += text.count
        if !followers.isEmpty {
            tell(
                LogEntry(
                    time: time, requestID: requestID, functionURN: function.baseName,
                    version: function.version, code: code, text: text))
        }
        if byteCount > Self.gatheredLimit {
            write()
        } else if timer.deadline == nil {
            timer.schedule(after: Self.interval)
        }
    }

    private func place(of function: DeployedFunction) -> Int {
        if lastPlace < chunks.count, chunks[lastPlace].functionURN == function.baseName { return lastPlace }
        if let place = places[function.baseName] {
            lastPlace = place
        } else {
            lastPlace = chunks.count
            places[function.baseName] = lastPlace
            chunks.append(LogChunk(functionURN: function.baseName, project: function.function.project))
        }
        return lastPlace
    }

    /// Finds entries, the latest among them.
    public func read(
        _ query: LogQuery,
        then completion: @escaping @EventLoopActor @Sendable (Result<[LogEntry], any Error>) -> Void
    ) {
        write()
        queue.run { [store] in
            Result { try store.entries(query) }
        } then: {
            completion($0)
        }
    }

    /// Forgets all entries.
    public func removeAll(then completion: @escaping @EventLoopActor @Sendable () -> Void) {
        write()
        perform("removed", { try $0.removeAll() }, then: completion)
    }

    /// Stores what has gathered, and closes the database.
    public func close(then completion: @escaping @EventLoopActor @Sendable () -> Void) {
        write()
        perform("closed", { try $0.close() }, then: completion)
    }

    /// Has `follower` told of every entry from now on, until `unfollow`.
    public func follow(_ follower: LogFollower) {
        followers[ObjectIdentifier(follower)] = follower
    }

    /// Forgets a follower.
    public func unfollow(_ follower: LogFollower) {
        followers[ObjectIdentifier(follower)] = nil
    }

    private func tell(_ entry: LogEntry) {
        for follower in followers.values where follower.query.matches(entry) { follower.receive(entry) }
    }

    private func write() {
        timer.cancel()
        guard byteCount > 0 else { return }
        let taken = chunks
        chunks = []
        places = [:]
        unprunedCount += byteCount
        byteCount = 0
        let mustPrune = unprunedCount > bytesPerFunction
        if mustPrune { unprunedCount = 0 }
        let oldest = clock.now().advanced(byMilliseconds: -Self.lifetime)
        perform("stored") { [bytesPerFunction] store in
            try store.add(taken)
            if mustPrune { try store.prune(before: oldest, bytesPerFunction: bytesPerFunction) }
        }
    }

    /// Has the queue do something to the store, and writes down that it could not be done.
    private func perform(
        _ participle: String, _ body: @escaping @Sendable (LogStore) throws -> Void,
        then completion: @escaping @EventLoopActor @Sendable () -> Void = {}
    ) {
        queue.run { [store, logger] in
            do {
                try body(store)
            } catch {
                logger.error("logs of functions could not be \(participle): \(error)")
            }
        } then: {
            completion()
        }
    }
}
