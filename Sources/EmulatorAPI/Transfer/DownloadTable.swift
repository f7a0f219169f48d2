import Crypto
import FunctionGraph
import Synchronization

/// Links to what can be downloaded for a while: whoever knows one may use it, as with links of the cloud.
final class DownloadTable: Sendable {
    /// What a link leads to.
    enum Target: Sendable {
        /// Stored code.
        case code(digest: String, fileName: String)
        /// A function, packed when it is fetched.
        case export(FunctionURN, FunctionExport.Contents, fileName: String)
    }

    private struct Entry {
        let target: Target
        let expiresAt: Timestamp
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// In the order in which they were first made.
        var order: [String] = []
    }

    private let state = Mutex(State())

    /// For how long a link is good, in milliseconds.
    private static let lifetime: Int64 = 3_600_000
    /// More links than this are not kept; the oldest go first.
    private static let capacity = 4_096

    /// What makes tokens of this process unguessable.
    private let secret = SymmetricKey(size: .bits256)

    /// A URL below `baseURL` that leads to something; the same one for the same thing.
    func link(to target: Target, at now: Timestamp, below baseURL: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(target)".utf8), using: secret)
        let token = Digest.hexadecimal(code.prefix(16))
        state.withLock { state in
            let isNew = state.entries[token] == nil
            state.entries[token] = Entry(
                target: target, expiresAt: now.advanced(byMilliseconds: Self.lifetime))
            guard isNew else { return }
            state.order.append(token)
            if state.order.count > Self.capacity {
                for token in state.order.prefix(Self.capacity / 2) { state.entries[token] = nil }
                state.order.removeFirst(Self.capacity / 2)
            }
        }
        return "\(baseURL)/_emulator/downloads/\(token)"
    }

    /// What a token leads to; nil when it leads nowhere any more.
    func target(of token: String, at now: Timestamp) -> Target? {
        state.withLock { state in
            guard let entry = state.entries[token], entry.expiresAt > now else { return nil }
            return entry.target
        }
    }
}
