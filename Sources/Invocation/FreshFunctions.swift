import FunctionGraph
import Sockets

/// Functions that were created or changed lately. Whoever does that mostly calls them next; so, when nothing has changed
/// for a moment, they are deployed ahead of that call. Of those that are not called only the last ones stay deployed.
@EventLoopActor
final class FreshFunctions {
    private let deploy: (FunctionURN) -> Void
    private let withdraw: (FunctionURN) -> Void
    private var waiting: [FunctionURN] = []
    private var deployed: [FunctionURN] = []
    private lazy var timer = LoopTimer { [weak self] in self?.deployNext() }

    /// For how long nothing must have changed, in nanoseconds, so that many changes in a row are not held up.
    private static let patience: UInt64 = 2_000_000
    /// How many are deployed ahead.
    private static let limit = 32

    /// - Parameters:
    ///   - deploy: Deploys a function, which may have gone by now.
    ///   - withdraw: Undoes that, unless the function has been called.
    init(deploy: @escaping (FunctionURN) -> Void, withdraw: @escaping (FunctionURN) -> Void) {
        self.deploy = deploy
        self.withdraw = withdraw
    }

    /// A function was created or changed.
    func add(_ function: FunctionURN) {
        waiting.removeAll { $0 == function }
        waiting.append(function)
        if waiting.count > Self.limit { waiting.removeFirst() }
        timer.schedule(after: Self.patience)
    }

    private func deployNext() {
        guard let function = waiting.popLast() else { return }
        deploy(function)
        deployed.removeAll { $0 == function }
        deployed.append(function)
        if deployed.count > Self.limit { withdraw(deployed.removeFirst()) }
        if !waiting.isEmpty { timer.schedule(after: Self.patience) }
    }
}
