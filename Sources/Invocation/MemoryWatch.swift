import Sockets

/// Looks at the memory and the files of instances that start or whose handlers run, if they take their time, and ends
/// those that hold too much. It notes their processor time too, for those that will not be able to tell it.
///
/// While nothing runs, or only quick handlers do, it costs nothing.
@EventLoopActor
final class MemoryWatch {
    /// How often it looks, in nanoseconds; a handler that is done sooner is never looked at.
    private static let interval: UInt64 = 20_000_000

    private let deployments: () -> [Deployment]
    private lazy var timer = LoopTimer { [weak self] in self?.look() }

    init(deployments: @escaping () -> [Deployment]) {
        self.deployments = deployments
    }

    /// Something has begun to run.
    func begin() {
        if timer.deadline == nil { timer.schedule(after: Self.interval) }
    }

    private func look() {
        let now = EventLoop.shared.now
        var somethingRuns = false
        for deployment in deployments() where deployment.isBusy {
            for instance in deployment.instances {
                guard let since = instance.busySince else { continue }
                somethingRuns = true
                if now - since >= Self.interval { look(at: instance, deployment.function) }
            }
        }
        if somethingRuns { timer.schedule(after: Self.interval) }
    }

    private func look(at instance: FunctionInstance, _ function: DeployedFunction) {
        guard let process = instance.process, let resident = ProcessUsage.residentKiB(of: process) else {
            return
        }
        if let used = ProcessUsage.processorNanoseconds(of: process) { instance.saw(processorTime: used) }
        instance.peakKiB = max(instance.peakKiB, resident)
        if resident > UInt64(function.memorySize) << 10 {
            instance.fail(.memoryExceeded)
        } else if ProcessUsage.temporaryKiB(of: process) > UInt64(function.storageSize) << 10 {
            instance.fail(.storageExceeded)
        }
    }
}
