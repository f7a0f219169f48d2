import FunctionGraph
import HTTPClient
import JSON
import Logging
import ObjectStorage
import Sockets
import Timekeeping

/// Brings the outcomes of asynchronous invocations where their functions want them.
@EventLoopActor
public final class Destinations {
    private let buckets: LocalBuckets?
    /// Where messages to topics are posted, by the topics' URNs.
    private let endpoints: [String: String]
    private let region: String
    private let workQueue: WorkQueue
    private let clock: Clock
    private let logger: Logger
    private var underWay = 0
    /// Messages to topics, the newest last.
    public private(set) var notifications: [Notification] = []

    /// More messages than this are not kept; the oldest go first.
    private static let notificationLimit = 1_000

    /// Names where outcomes can be brought.
    public init(
        buckets: LocalBuckets?, endpoints: [String: String], region: String, workQueue: WorkQueue,
        clock: Clock,
        logger: Logger
    ) {
        self.buckets = buckets
        self.endpoints = endpoints
        self.region = region
        self.workQueue = workQueue
        self.clock = clock
        self.logger = logger
    }

    /// Forgets the messages to topics.
    public func forgetNotifications() {
        notifications.removeAll()
    }

    /// Whether something is being delivered.
    var isBusy: Bool { underWay > 0 }

    func deliver(_ report: AsyncReport, to destination: AsyncDestination, through queue: AsyncQueue) {
        switch destination.kind {
        case .function: invoke(report, destination, queue)
        case .objectStorage: store(report, destination, queue)
        case .notification: notify(report, destination, queue)
        }
    }

    private func invoke(_ report: AsyncReport, _ destination: AsyncDestination, _ queue: AsyncQueue) {
        let text = destination.members["func_urn"]?.stringValue ?? ""
        do throws(FGSError) {
            let urn = try FunctionURN(text, in: report.function.function.project, region: region)
            underWay += 1
            queue.accept(urn, id: RequestIDGenerator.next(), event: JSONValue.object(report.body).bytes) {
                [self] result in
                if case .failure(let error) = result {
                    complain(report, "the function \(text)", error.description)
                }
                ended(queue)
            }
        } catch {
            complain(report, "the function \(text)", error.description)
        }
    }

    private func store(_ report: AsyncReport, _ destination: AsyncDestination, _ queue: AsyncQueue) {
        let name = destination.members["bucket"]?.stringValue ?? ""
        guard let buckets else {
            return complain(report, "the bucket \(name)", "there are no buckets; start with --obs-root")
        }
        let directory = (destination.members["prefix"]?.stringValue ?? "").split(separator: "/")
        let day = clock.now().slashedDate
        let path = (directory + ["\(report.function.function.name)/\(day)/\(report.requestID).json"])
            .joined(separator: "/")
        guard let bucket = BucketName(name), let key = ObjectKey(path) else {
            return complain(report, "the bucket \(name)", "\(name)/\(path) is no name of an object")
        }
        let address = ObjectAddress(bucket: bucket, key: key)
        perform(report, "the bucket \(name)", queue) {
            try buckets.write(JSONValue.object(report.body).bytes, to: address)
        }
    }

    private func notify(_ report: AsyncReport, _ destination: AsyncDestination, _ queue: AsyncQueue) {
        let topic = destination.members["topic_urn"]?.stringValue ?? ""
        let notification = Notification(
            topic: topic,
            subject: "FunctionGraph async invocation \(report.isSuccess ? "success" : "failure")",
            message: JSONValue.object(report.body).text, time: clock.now())
        notifications.append(notification)
        if notifications.count > Self.notificationLimit { notifications.removeFirst() }
        guard let endpoint = endpoints[topic] else { return }
        perform(report, "the topic \(topic)", queue) {
            let answer = try HTTPClient.post(
                endpoint, json: JSONValue.object(notification.body).bytes, timeoutMilliseconds: 10_000)
            guard 200..<300 ~= answer.status else {
                throw HTTPClientError.failed(url: endpoint, "it answers \(answer.status)")
            }
        }
    }

    private func perform(
        _ report: AsyncReport, _ place: String, _ queue: AsyncQueue,
        _ work: @escaping @Sendable () throws -> Void
    ) {
        underWay += 1
        workQueue.run {
            Result { try work() }
        } then: { [self] result in
            if case .failure(let error) = result { complain(report, place, "\(error)") }
            ended(queue)
        }
    }

    private func ended(_ queue: AsyncQueue) {
        underWay -= 1
        queue.deliveryEnded()
    }

    private func complain(_ report: AsyncReport, _ place: String, _ reason: String) {
        logger.warning(
            "the outcome of an asynchronous invocation did not reach \(place): \(reason)",
            metadata: ["request": "\(report.requestID)"])
    }
}
