import FunctionGraph

/// What became of a trigger's fire.
public enum FireResult: Sendable, Equatable {
    /// It waits to run, or runs.
    case pending
    /// The function ran and succeeded.
    case succeeded
    /// The function did not run, or failed.
    case failed(code: Int, message: String)

    /// The word for it in answers.
    public var name: String {
        switch self {
        case .pending: "pending"
        case .succeeded: "success"
        case .failed: "failed"
        }
    }
}
