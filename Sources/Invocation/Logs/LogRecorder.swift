import FunctionGraph
import FunctionStore
import Logging
import Sockets
import Timekeeping

/// Keeps what functions write: gathers it on the loop, and stores it behind the back of whoever invokes them.
@EventLoopActor
public final class LogRecorder {
    private struct Record {
        let function: DeployedFunction
        let requestID: String
        let code: UInt32
        let time: Timestamp
        let text: [UInt8]
    }

    private let store: FunctionStore
    private let queue: WorkQueue
    private let clock: Clock
    private let bytesPerFunction: Int
    private let logger: Logger
    private var records: [Record] = []
    private var byteCount = 0
    /// Bytes stored since old entries were last forgotten.
    private var unprunedCount = 0
    private var followers: [ObjectIdentifier: LogFollower] = [:]
    private lazy var timer = LoopTimer { [weak self] in self?.write() }

    /// For how long entries gather, in nanoseconds.
    private static let interval: UInt64 = 200_000_000
    /// Entries that take more than this are written at once.
    private static let gatheredLimit = 8 << 20
    /// Entries older than this are forgotten, in milliseconds.
    private static let lifetime: Int64 = 7 * 86_400_000

    /// A recorder that keeps up to `bytesPerFunction` bytes of each function.
    public init(_ store: FunctionStore, queue: WorkQueue, clock: Clock, bytesPerFunction: Int, logger: Logger)
    {
        self.store = store
        self.queue = queue
        self.clock = clock
        self.bytesPerFunction = bytesPerFunction
        self.logger = logger
    }

    func record(
        _ function: DeployedFunction, requestID: String, code: UInt32, at time: Timestamp, _ text: [UInt8]
    ) {
        records.append(Record(function: function, requestID: requestID, code: code, time: time, text: text))
        byteCount += text.count
        if !followers.isEmpty { tell(records[records.count - 1]) }
        if byteCount > Self.gatheredLimit {
            write()
        } else if timer.deadline == nil {
            timer.schedule(after: Self.interval)
        }
    }

    /// Stores what has gathered, and calls back when it can be read.
    public func flush(_ completion: @escaping @EventLoopActor @Sendable () -> Void) {
        write(completion)
    }

    /// Has `follower` told of every entry from now on, until `unfollow`.
    public func follow(_ follower: LogFollower) {
        followers[ObjectIdentifier(follower)] = follower
    }

    /// Forgets a follower.
    public func unfollow(_ follower: LogFollower) {
        followers[ObjectIdentifier(follower)] = nil
    }

    private func tell(_ record: Record) {
        let entry = Self.entry(record)
        for follower in followers.values where follower.query.matches(entry) { follower.receive(entry) }
    }

    private func write(_ completion: (@EventLoopActor @Sendable () -> Void)? = nil) {
        timer.cancel()
        var taken: [Record] = []
        swap(&taken, &records)
        unprunedCount += byteCount
        byteCount = 0
        guard !taken.isEmpty || completion != nil else { return }
        let mustPrune = unprunedCount > bytesPerFunction
        if mustPrune { unprunedCount = 0 }
        let (store, limit, logger) = (store, bytesPerFunction, logger)
        let oldest = clock.now().advanced(byMilliseconds: -Self.lifetime)
        queue.run { [taken] in
            do {
                try store.add(Self.batches(taken))
                if mustPrune { try store.pruneLogs(before: oldest, bytesPerFunction: limit) }
            } catch {
                logger.error("logs of functions could not be stored: \(error)")
            }
        } then: {
            completion?()
        }
    }

    private nonisolated static func batches(_ records: [Record]) -> [FunctionStore.LogBatch] {
        var batches: [String: FunctionStore.LogBatch] = [:]
        for record in records {
            let urn = record.function.baseName
            batches[
                urn,
                default: FunctionStore.LogBatch(
                    functionURN: urn, project: record.function.function.project, entries: [])
            ].entries.append(entry(record))
        }
        return Array(batches.values)
    }

    private nonisolated static func entry(_ record: Record) -> LogEntry {
        LogEntry(
            time: record.time, requestID: record.requestID, functionURN: record.function.baseName,
            version: record.function.version, code: record.code, text: record.text)
    }
}
