import FunctionGraph
import FunctionStore
import Logging
import ObjectStorage
import Sockets
import Synchronization

/// Fires OBS triggers when files of buckets change. Nothing is watched before a bucket has a trigger.
@EventLoopActor
public final class BucketWatcher: EventSource, EventHandler {
    /// The tree is only touched by the queue, which does one thing at a time; the lock lets the compiler know.
    private final class Shared: Sendable {
        let tree: Mutex<BucketTree>

        init(_ tree: consuming BucketTree) {
            self.tree = Mutex(tree)
        }
    }

    private let root: String
    private let publisher: Publisher
    private let logger: Logger
    /// One thing at a time, in order.
    private let queue = WorkQueue(label: "fgs-emulator.buckets", width: 1)
    private var shared: Shared?
    private var triggers: [Identifier: FunctionStore.BoundTrigger] = [:]
    private var isReading = false
    private var hasMore = false

    /// A watcher of buckets that fires through a publisher.
    public init(_ buckets: LocalBuckets, publisher: Publisher, logger: Logger) {
        root = buckets.root
        self.publisher = publisher
        self.logger = logger
    }

    /// See `EventSource`.
    public func set(_ bound: FunctionStore.BoundTrigger) {
        guard bound.trigger.type == .obs else { return }
        triggers[bound.trigger.id] = bound
        update(Self.bucket(of: bound))
    }

    /// See `EventSource`.
    public func remove(_ bound: FunctionStore.BoundTrigger) {
        guard triggers.removeValue(forKey: bound.trigger.id) != nil else { return }
        update(Self.bucket(of: bound))
    }

    /// See `EventSource`.
    public func whenCurrent(_ body: @escaping () -> Void) {
        queue.run {
        } then: {
            body()
        }
    }

    /// See `EventHandler`.
    public func becameReady(_ readiness: Readiness) {
        hasMore = true
        read()
    }

    private static func bucket(of bound: FunctionStore.BoundTrigger) -> String {
        bound.trigger.data["bucket"]?.stringValue ?? ""
    }

    private func update(_ name: String) {
        // Other names are no directory's.
        guard BucketName(name) != nil, let shared = watching() else { return }
        let notifications = triggers.values.filter { Self.bucket(of: $0) == name }.compactMap {
            try? BucketNotification($0.trigger.data.object)
        }
        queue.run {
            shared.tree.withLock { tree in
                tree.watch(name, for: notifications)
                return tree.takeComplaints()
            }
        } then: { [self] complaints in
            complain(complaints)
        }
    }

    /// The tree; it is made for the first trigger.
    private func watching() -> Shared? {
        if let shared { return shared }
        do throws(SystemError) {
            let tree = try BucketTree(root: root)
            let descriptor = tree.descriptor
            let shared = Shared(tree)
            try EventLoop.shared.watch(descriptor, for: .readable, handler: self)
            self.shared = shared
            return shared
        } catch {
            logger.error("OBS triggers do not fire: \(error)")
            return nil
        }
    }

    private func read() {
        guard !isReading, hasMore, let shared else { return }
        isReading = true
        hasMore = false
        queue.run {
            shared.tree.withLock { tree in
                let (changes, isAll) = tree.next()
                return (changes, isAll, tree.takeComplaints())
            }
        } then: { [self] changes, isAll, complaints in
            isReading = false
            complain(complaints)
            for change in changes {
                publisher.publish(
                    ObjectNotices(change.action, of: change.object, in: change.bucket), as: .obs
                ) { _ in
                    // Who was invoked stands in the log of fires, and what was refused too.
                }
            }
            if !isAll { hasMore = true }
            read()
        }
    }

    private func complain(_ complaints: [String]) {
        for complaint in complaints { logger.warning("\(complaint)") }
    }
}
