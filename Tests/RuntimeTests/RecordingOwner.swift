import Runtime
import Sockets
import WorkerProtocol

/// Keeps what an instance reports, and lets a test wait for it.
@EventLoopActor
final class RecordingOwner: InstanceOwner {
    enum Report: Equatable {
        case initializing
        case ready
        case failedToLoad(code: UInt32, error: String)
        case answered(code: UInt32, body: String)
        case ended
    }

    private var reports: [Report] = []
    private var waiter: CheckedContinuation<Report, Never>?

    /// The next report, in order.
    func next() async -> Report {
        if !reports.isEmpty { return reports.removeFirst() }
        return await withCheckedContinuation { waiter = $0 }
    }

    private func add(_ report: Report) {
        if let waiter {
            self.waiter = nil
            waiter.resume(returning: report)
        } else {
            reports.append(report)
        }
    }

    func instanceInitializing(_ instance: Instance) { add(.initializing) }
    func instanceReady(_ instance: Instance, _ measurement: ResultHeader) { add(.ready) }
    func instance(_ instance: Instance, failedToLoad result: ResultHeader, error: [UInt8]) {
        add(.failedToLoad(code: result.code, error: String(decoding: error, as: UTF8.self)))
    }
    func instance(_ instance: Instance, answered result: ResultHeader, body: [UInt8]) {
        add(.answered(code: result.code, body: String(decoding: body, as: UTF8.self)))
    }
    func instanceEnded(_ instance: Instance) { add(.ended) }
}
