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
        case answered(UInt64, code: UInt32, body: String)
        case wrote(String, for: UInt64)
        case hasOutput
        case ended
    }

    /// What was measured of the last answer.
    private(set) var measurement = ResultHeader.zero

    /// Whether output is reported as soon as it is there.
    var reportsOutput = false

    private var reports: [Report] = []
    private var waiter: CheckedContinuation<Report, Never>?

    /// The next report, in order.
    func next() async -> Report {
        if !reports.isEmpty { return reports.removeFirst() }
        return await withCheckedContinuation { waiter = $0 }
    }

    /// The next so many reports, in order.
    func next(_ count: Int) async -> [Report] {
        var reports: [Report] = []
        for _ in 0..<count { reports.append(await next()) }
        return reports
    }

    /// The next report's body, if it is the answer of a handler that returned.
    func nextBody() async -> String? {
        if case .answered(_, 0, let body) = await next() { body } else { nil }
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
    func instance(_ instance: Instance, answered request: UInt64, _ result: ResultHeader, body: [UInt8]) {
        measurement = result
        add(.answered(request, code: result.code, body: String(decoding: body, as: UTF8.self)))
    }
    func instance(_ instance: Instance, wrote text: [UInt8], for request: UInt64) {
        add(.wrote(String(decoding: text, as: UTF8.self), for: request))
    }
    func instanceHasOutput(_ instance: Instance) {
        if reportsOutput { add(.hasOutput) }
        instance.log.read()
    }
    func instanceEnded(_ instance: Instance) { add(.ended) }
}
