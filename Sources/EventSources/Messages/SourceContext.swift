import FunctionGraph
import FunctionStore
import Invocation
import Sockets

/// What events say besides their messages: where and when they come from.
struct SourceContext: Sendable {
    /// The region.
    let region: String
    /// The id of the account, which owns everything.
    let account: String
    /// The time.
    let time: Timestamp
    /// A number greater than that of every context before.
    let sequence: UInt64
    /// An id that nothing else has.
    let id: String

    /// The id without its dashes.
    var compactID: String { id.filter { $0 != "-" } }

    /// The id of a request to a bucket, as events show one.
    var bucketRequestID: String {
        let text = String(sequence, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 16 - text.count)) + text
    }
}
