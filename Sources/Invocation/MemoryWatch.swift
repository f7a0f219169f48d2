import Sockets

/// Looks at the memory of instances whose handlers take their time, and ends those that hold too much.
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

    func invocationStarted() {
        if timer.deadline == nil { timer.schedule(after: Self.interval) }
    }

    private func look() {
        let now = EventLoop.shared.now
        var somethingRuns = false
        for deployment in deployments() {
            let limit = UInt64(deployment.function.memorySize) * 1_024
            for instance in deployment.instances {
                guard let invocation = instance.running else { continue }
                somethingRuns = true
                guard now - invocation.startedAt >= Self.interval, let process = instance.process,
                    let resident = ProcessMemory.residentKiB(of: process)
                else { continue }
                instance.peakKiB = max(instance.peakKiB, resident)
                if resident > limit { instance.fail(.memoryExceeded) }
            }
        }
        if somethingRuns { timer.schedule(after: Self.interval) }
    }
}
