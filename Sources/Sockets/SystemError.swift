import Glibc

/// A system call that failed: which one, and why.
public struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The name of the call, such as `bind`.
    public let call: String
    /// The value of `errno` after the call.
    public let code: Int32

    /// Describes a failed call; `code` defaults to the current `errno`.
    public init(_ call: String, code: Int32 = errno) {
        self.call = call
        self.code = code
    }

    /// The call and the system's own words for the error.
    public var description: String { "\(call): \(String(cString: strerror(code)))" }
}
