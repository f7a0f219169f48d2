import Sockets

/// How many instances a version has, in all its sizes together.
@EventLoopActor
final class InstanceAllowance {
    /// All of them.
    private(set) var count = 0
    /// How many are kept whatever is to be run; the maximum of a function is that of the others.
    var reservedCount = 0
    /// The version's deployments, one for each size.
    private var sharers: [Sharer] = []

    private struct Sharer {
        weak var deployment: Deployment?
    }

    init() {}

    /// How many there are beyond those that are reserved.
    var onDemandCount: Int { max(0, count - reservedCount) }

    /// Instances of this deployment count from now on.
    func add(_ deployment: Deployment) {
        sharers.removeAll { $0.deployment == nil }
        sharers.append(Sharer(deployment: deployment))
    }

    /// An instance starts.
    func instanceStarted() {
        count += 1
    }

    /// An instance has ended.
    func instanceEnded() {
        count -= 1
    }

    /// Those of other sizes may start an instance in the place of one that has ended.
    func serveOthers(than deployment: Deployment) {
        for other in others(than: deployment) { other.serveWaiting() }
    }

    /// Ends an instance of another size that has nothing to do, if one has and none is ending already.
    func makeRoom(for deployment: Deployment) {
        let others = others(than: deployment)
        guard !others.contains(where: \.hasEndingInstance) else { return }
        _ = others.contains { $0.releaseIdleInstance() }
    }

    /// Whether an instance of this deployment that has nothing to do is in the way of another size, and none is ending
    /// already.
    func isInTheWay(_ deployment: Deployment) -> Bool {
        let others = others(than: deployment)
        return others.contains(where: \.waitsForRoom)
            && !(others + [deployment]).contains(where: \.hasEndingInstance)
    }

    private func others(than deployment: Deployment) -> [Deployment] {
        sharers.count < 2 ? [] : sharers.compactMap(\.deployment).filter { $0 !== deployment }
    }
}
