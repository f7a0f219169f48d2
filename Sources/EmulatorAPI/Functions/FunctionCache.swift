import FunctionGraph
import FunctionStore
import Sockets

/// The functions that were written or read last, as answers show them, for those who ask about them again.
///
/// What it has is what the store has: changes of the store reach the event loop in their order, and before the answers
/// of the operations that made them, so who has been told of a change finds it here.
@EventLoopActor
final class FunctionCache {
    /// How many changes there have been.
    struct State: Equatable {
        fileprivate var changes = 0
    }

    /// What a read that begins now will show, or something newer.
    private(set) var state = State()
    private let account: Account
    /// By functions, whose URNs have no qualifier here, and by what a URN may have in its place.
    private var functions: [FunctionURN: [Qualifier: ShownFunction]] = [:]

    /// How many functions are kept. All are given up when there are more: those that matter come back.
    private static let limit = 256

    /// An empty cache of the functions of an account.
    init(of account: Account) {
        self.account = account
    }

    /// An answer about the version that a URN names, if it is here.
    func text(of answer: FunctionAnswer, about urn: FunctionURN) -> [UInt8]? {
        functions[urn.qualified(.unspecified)]?[urn.qualifier]?.text(of: answer)
    }

    /// Keeps what was read, unless something has changed since the read began.
    func keep(_ detail: FunctionDetail, for urn: FunctionURN, readIn state: State) -> ShownFunction {
        let shown = ShownFunction(detail, of: account)
        guard state == self.state else { return shown }
        let function = urn.qualified(.unspecified)
        makeRoom(for: function)
        functions[function, default: [:]][urn.qualifier] = shown
        return shown
    }

    /// Told of every change of the store, in their order.
    func apply(_ change: StoreChange) {
        switch change {
        case .created(let detail), .changed(let detail):
            state.changes += 1
            let function = detail.function.urn(in: account.region).qualified(.unspecified)
            makeRoom(for: function)
            let shown = ShownFunction(detail, of: account)
            // Nothing that aliases have named: it may be the version that has changed.
            functions[function] = [.unspecified: shown, .latest: shown]
        case .deleted(let function), .routing(let function), .reservedInstances(let function):
            state.changes += 1
            functions[function.qualified(.unspecified)] = nil
        case .triggers, .codeUnused: break
        }
    }

    private func makeRoom(for function: FunctionURN) {
        guard functions.count == Self.limit, functions[function] == nil else { return }
        functions.removeAll(keepingCapacity: true)
    }
}
