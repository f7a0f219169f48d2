/// The codes an invocation can end with (`X-Func-Err-Code`), as the API reference and the runtime guide list
/// them. Codes that the runtime package inside an instance decides on are listed too, for their names.
public enum RuntimeCode: UInt32, Sendable, CaseIterable {
    /// The handler returned.
    case success = 0
    /// The handler's module or function cannot be loaded.
    case entryFailed = 4001
    /// The handler raised an exception.
    case handlerRaised = 4002
    /// The result is larger than 6 MiB.
    case resultTooLarge = 4004
    /// The result cannot be written as JSON.
    case resultInvalid = 4007
    /// The handler ran longer than the function's timeout.
    case invocationTimedOut = 4010
    /// The handler's module took too long to load.
    case loadTimedOut = 4012
    /// The initializer failed, three times.
    case initializerFailed = 4201
    /// The code has no `bootstrap`, or one that cannot be started.
    case bootstrapMissing = 4202
    /// The instance ended by itself: an exit or a crash.
    case processExited = 4204
    /// The instance used more memory than the function has.
    case memoryExceeded = 4205
    /// The instance's `/tmp` holds more than it may.
    case storageExceeded = 4207
    /// The invocation was stopped by the API.
    case canceled = 4208
    /// The initializer ran longer than its timeout.
    case initializerTimedOut = 4211
    /// The code's archive cannot be unpacked.
    case archiveInvalid = 4225
    /// The function's code is not of a kind that can be run here.
    case runtimeUnavailable = 4209

    /// Whether the function is to blame rather than the platform (`X-Is-Func-Err`).
    public static func isFunctionError(_ code: UInt32) -> Bool { 4_000..<10_000 ~= code }
}
