import FunctionGraph
import FunctionStore

/// What happens to a deployment's invocations: for the statistics, by the minute, and in all since the start.
struct DeploymentMetrics {
    /// What happened in the minute under way.
    private var lately = MetricsBucket()
    /// What has happened since the deployment began.
    private(set) var total = MetricsBucket()
    private let memorySize: Int
    private let functionID: String
    private let project: ProjectID

    init(_ function: DeployedFunction) {
        memorySize = function.memorySize
        functionID = function.function.id.description
        project = function.function.project
    }

    mutating func started(running: Int) {
        lately.concurrency = max(lately.concurrency, running)
    }

    mutating func rejected() {
        lately.count += 1
        lately.rejects += 1
    }

    mutating func reserved(_ count: Int) {
        lately.reservedInstances = max(lately.reservedInstances, count)
    }

    mutating func ended(_ outcome: InvocationOutcome) {
        lately.count += 1
        if outcome.code != 0 {
            if RuntimeCode.isFunctionError(outcome.code) {
                lately.functionErrors += 1
            } else {
                lately.systemErrors += 1
            }
        }
        let microseconds = Int(outcome.durationNanoseconds / 1_000)
        lately.runs += 1
        lately.totalMicroseconds += microseconds
        lately.minimumMicroseconds = min(lately.minimumMicroseconds, microseconds)
        lately.maximumMicroseconds = max(lately.maximumMicroseconds, microseconds)
        lately.megabyteMilliseconds += memorySize * Int(outcome.billedMilliseconds)
    }

    /// What happened since this was last called, as a part of the minute of `now`; nil for nothing.
    mutating func take(at now: Timestamp, reserved: Int) -> FunctionStore.MinuteMetrics? {
        lately.reservedInstances = max(lately.reservedInstances, reserved)
        guard !lately.isEmpty else { return nil }
        let bucket = lately
        total.merge(bucket)
        lately = MetricsBucket()
        return FunctionStore.MinuteMetrics(
            functionID: functionID, project: project,
            minute: Timestamp(milliseconds: now.milliseconds / 60_000 * 60_000), bucket: bucket)
    }

    /// Begins anew, but for the minute under way.
    mutating func forgetTotal() {
        total = MetricsBucket()
    }

    /// What has happened since the deployment began, the minute under way included.
    var all: MetricsBucket {
        var all = total
        all.merge(lately)
        return all
    }
}
