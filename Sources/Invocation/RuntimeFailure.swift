import JSON

/// A failure that the server, not the handler's Python, reports: its code and what its error object says.
public struct RuntimeFailure: Error, Equatable, Sendable {
    /// The code.
    public let code: RuntimeCode
    /// The text after `errorMessage`.
    public let message: String
    /// The text after `errorType`.
    public let type: String

    /// The handler ran longer than `seconds`.
    static func timedOut(seconds: Int) -> RuntimeFailure {
        RuntimeFailure(
            code: .invocationTimedOut, message: "call invoke timeout \(seconds)s", type: "TimeoutError")
    }

    /// The module took longer than `seconds` to load.
    static func loadTimedOut(seconds: Int) -> RuntimeFailure {
        RuntimeFailure(
            code: .loadTimedOut, message: "load function timed out after \(seconds)s", type: "TimeoutError")
    }

    /// The initializer ran longer than `seconds`.
    static func initializerTimedOut(seconds: Int) -> RuntimeFailure {
        RuntimeFailure(
            code: .initializerTimedOut, message: "runtime initialization timed out after \(seconds)s",
            type: "TimeoutError")
    }

    /// The process ended by itself.
    static let processExited = RuntimeFailure(
        code: .processExited, message: "runtime process is exited", type: "RuntimeExitError")

    /// There is no bootstrap to start.
    static let bootstrapMissing = RuntimeFailure(
        code: .bootstrapMissing, message: "runtime bootstrap file is not found", type: "BootstrapMissing")

    /// The instance's `/tmp` held more than it may.
    static let storageExceeded = RuntimeFailure(
        code: .storageExceeded, message: "disk usage exceed limit", type: "DiskUsageError")

    /// The invocation was stopped by the API.
    static let canceled = RuntimeFailure(
        code: .canceled, message: "function invocation canceled", type: "InvocationCanceled")

    /// The instance held more memory than the function has.
    static let memoryExceeded = RuntimeFailure(
        code: .memoryExceeded, message: "runtime memory limit exceeded", type: "MemoryError")

    /// The code's archive is broken.
    static func archiveInvalid(_ reason: String) -> RuntimeFailure {
        RuntimeFailure(
            code: .archiveInvalid, message: "the code archive is invalid: \(reason)", type: "CodeArchiveError"
        )
    }

    /// The function is of a kind that does not run here.
    static func unavailable(_ reason: String) -> RuntimeFailure {
        RuntimeFailure(code: .runtimeUnavailable, message: reason, type: "RuntimeUnavailable")
    }

    /// The error object, in the form the Python runtime gives its own.
    var errorObject: [UInt8] {
        Array(
            """
            {
                "errorMessage": \(JSONValue.string(message).text),
                "errorType": \(JSONValue.string(type).text)
            }
            """.utf8)
    }
}
