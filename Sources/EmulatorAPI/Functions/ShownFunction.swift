import FunctionGraph
import JSON
import Sockets

/// A version of a function with the answers that have been written about it.
@EventLoopActor
final class ShownFunction {
    private let detail: FunctionDetail
    private let account: Account
    private var texts: [FunctionAnswer: [UInt8]] = [:]

    /// A version of a function of an account.
    init(_ detail: FunctionDetail, of account: Account) {
        self.detail = detail
        self.account = account
    }

    /// The text of an answer about it.
    func text(of answer: FunctionAnswer) -> [UInt8] {
        if let text = texts[answer] { return text }
        let text = JSONValue.object(FunctionResponse(detail, of: account).body(of: answer)).bytes
        texts[answer] = text
        return text
    }
}
