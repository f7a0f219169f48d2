import Glibc

/// Why a port could not be opened, in one line that says what to do.
public struct ListenError: Error, Equatable, CustomStringConvertible {
    /// The kinds of refusal that a person can act on.
    public enum Reason: Equatable, Sendable {
        /// Another process listens there.
        case addressInUse
        /// The process may not open this port.
        case notPermitted
        /// No interface of the machine has this address.
        case addressNotAvailable
        /// Anything else, in the system's words.
        case other(String)
    }

    /// The host as it was given.
    public let host: String
    /// The port as it was given.
    public let port: UInt16
    /// What stood in the way.
    public let reason: Reason

    /// Names a refusal.
    public init(host: String, port: UInt16, reason: Reason) {
        self.host = host
        self.port = port
        self.reason = reason
    }

    init(host: String, port: UInt16, code: Int32) {
        let reason: Reason =
            switch code {
            case EADDRINUSE: .addressInUse
            case EACCES, EPERM: .notPermitted
            case EADDRNOTAVAIL: .addressNotAvailable
            default: .other(String(cString: strerror(code)))
            }
        self.init(host: host, port: port, reason: reason)
    }

    /// One line: what happened and what to do about it.
    public var description: String {
        let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        return switch reason {
        case .addressInUse:
            "cannot listen on \(place): the port is in use. Stop the other process, or choose another port "
                + "with --port (0 picks a free one)."
        case .notPermitted:
            "cannot listen on \(place): not permitted. Ports below 1024 need extra rights; choose another "
                + "with --port (0 picks a free one)."
        case .addressNotAvailable:
            "cannot listen on \(place): this machine has no such address. Check --host."
        case .other(let words):
            "cannot listen on \(place): \(words)."
        }
    }
}
