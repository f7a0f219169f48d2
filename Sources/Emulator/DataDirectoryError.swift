/// Why a data directory cannot be used.
public struct DataDirectoryError: Error, Equatable, CustomStringConvertible {
    /// What is in the way.
    public enum Reason: Equatable, Sendable {
        /// Another server holds its lock.
        case inUse
        /// A system call failed.
        case system(String)
    }

    /// The directory.
    public let path: String
    /// What is in the way.
    public let reason: Reason

    /// One line for the person who started the server: what happened, and what to do.
    public var description: String {
        switch reason {
        case .inUse:
            "The data directory \(path) is in use by another fgs-emulator. "
                + "Stop that one, or choose another directory with --data-dir, or use --ephemeral."
        case .system(let text):
            "The data directory \(path) cannot be used: \(text)."
        }
    }
}
