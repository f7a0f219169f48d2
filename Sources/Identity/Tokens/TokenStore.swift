import FunctionGraph
import Synchronization

/// The tokens that are good. They live in memory: a server that starts anew knows none, and clients log in
/// again when they are told so.
///
/// There are at most `capacity`; the oldest makes room for the next one.
public final class TokenStore: Sendable {
    private struct State {
        var tokens: [TokenID: Token] = [:]
        /// In the order in which they were given out; revoked ones too, until they are swept out.
        var order: [TokenID] = []
        var first = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// A store without tokens.
    public init(capacity: Int = 16_384) {
        self.capacity = max(1, capacity)
    }

    /// The number of tokens kept, expired ones included.
    public var count: Int { state.withLock { $0.tokens.count } }

    /// Keeps a token.
    public func add(_ token: Token, at now: Timestamp) {
        state.withLock { state in
            while state.first < state.order.count {
                let oldest = state.tokens[state.order[state.first]]
                guard state.tokens.count >= capacity || (oldest?.expiresAt ?? now) <= now else { break }
                state.tokens[state.order[state.first]] = nil
                state.first += 1
            }
            if state.order.count >= 2 * capacity {
                state.order = state.order[state.first...].filter { state.tokens[$0] != nil }
                state.first = 0
            }
            state.tokens[token.id] = token
            state.order.append(token.id)
        }
    }

    /// The token of an id, unless it has expired or been revoked.
    public func token(_ id: TokenID, at now: Timestamp) -> Token? {
        guard let token = state.withLock({ $0.tokens[id] }), now < token.expiresAt else { return nil }
        return token
    }

    /// Makes a token worthless.
    public func revoke(_ id: TokenID) {
        _ = state.withLock { $0.tokens.removeValue(forKey: id) }
    }
}
