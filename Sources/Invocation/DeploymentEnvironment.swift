import FunctionGraph
import Glibc
import Runtime
import Sockets
import Timekeeping

/// What deployments need of the process they live in.
@EventLoopActor
final class DeploymentEnvironment {
    let pythons: Pythons
    let codeCache: CodeCache
    let timekeeper: Timekeeper
    let processorCount: Int
    /// For how long an instance waits for work, in milliseconds of the emulator's clock.
    let idleMilliseconds: Int64
    private let logs: LogRecorder
    private let temporaryRoot: String
    /// Told of every invocation that ran, before its caller.
    private let observer: (Invocation, DeployedFunction, InvocationOutcome) -> Void
    private let deployments: () -> [Deployment]
    private let done: () -> Void
    private(set) lazy var memoryWatch = MemoryWatch(deployments: deployments)

    var clock: Clock { timekeeper.clock }

    init(
        pythons: Pythons, codeCache: CodeCache, timekeeper: Timekeeper, logs: LogRecorder,
        temporaryRoot: String, processorCount: Int, idleMilliseconds: Int64,
        deployments: @escaping () -> [Deployment], done: @escaping () -> Void,
        observer: @escaping (Invocation, DeployedFunction, InvocationOutcome) -> Void
    ) {
        self.pythons = pythons
        self.codeCache = codeCache
        self.timekeeper = timekeeper
        self.logs = logs
        self.temporaryRoot = temporaryRoot
        self.processorCount = processorCount
        self.idleMilliseconds = idleMilliseconds
        self.deployments = deployments
        self.done = done
        self.observer = observer
    }

    /// Writes down what became of an invocation, and tells its caller.
    ///
    /// - Parameters:
    ///   - start: How its instance was started, if it was started for this one.
    ///   - output: What came through the instance's pipe.
    func conclude(
        _ invocation: Invocation, _ deployment: Deployment, _ outcome: inout InvocationOutcome,
        start: InstanceStart?, output: [UInt8]
    ) {
        let function = deployment.function
        let now = clock.now()
        // What was written while the instance was started stands behind the start line.
        let startedAt =
            start?.beganAt ?? now.advanced(byMilliseconds: -Int64(outcome.durationNanoseconds / 1_000_000))
        let forwarded = invocation.output.take()
        var log = InvocationLog(
            requestID: invocation.requestID, version: function.version, startedAt: startedAt,
            capacity: (start?.output.count ?? 0) + output.count + forwarded.count)
        if let start { log.append(output: start.output) }
        log.append(output: output)
        log.append(output: forwarded)
        log.finish(requestID: invocation.requestID, outcome, at: now)
        if invocation.wantsLog { outcome.log = log.tail }
        logs.record(function, requestID: invocation.requestID, code: outcome.code, at: now, log.bytes)
        deployment.metrics.ended(outcome)
        observer(invocation, function, outcome)
        invocation.completion(.success(outcome))
    }

    /// Writes down what was written when nothing ran, or by what had ended already.
    func recordLate(_ text: [UInt8], _ function: DeployedFunction) {
        logs.record(function, requestID: "", code: 0, at: clock.now(), text)
    }

    /// Where an instance keeps files if it has no `/tmp` of its own; nil if it has.
    func temporaryDirectory(of instance: UInt32) -> String? {
        guard pythons.main.isIsolated == false else { return nil }
        let path = "\(temporaryRoot)/\(instance)"
        mkdir(temporaryRoot, 0o755)
        mkdir(path, 0o700)
        return path
    }

    func removeTemporaryDirectory(of instance: UInt32) {
        guard pythons.main.isIsolated == false else { return }
        let path = "\(temporaryRoot)/\(instance)"
        WorkQueue.removals.run {
            TemporaryFiles.remove(path)
        } then: { _ in
        }
    }

    func deploymentIsDone() {
        done()
    }
}
