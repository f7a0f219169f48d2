/// Why there is no answer from another server.
public enum HTTPClientError: Error, Equatable, CustomStringConvertible {
    /// The answer is larger than was allowed.
    case tooLarge(url: String, limit: Int)
    /// There is none at all; the text says why.
    case failed(url: String, String)

    /// One line for the person who named the URL.
    public var description: String {
        switch self {
        case .tooLarge(let url, let limit): "what \(url) answers is larger than \(limit) bytes"
        case .failed(let url, let reason): "\(url) cannot be reached: \(reason)"
        }
    }
}
