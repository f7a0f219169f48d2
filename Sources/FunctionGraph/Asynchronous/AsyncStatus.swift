/// The state of an asynchronous invocation.
public enum AsyncStatus: String, Hashable, Sendable, CaseIterable {
    /// It is kept, and has not run yet or waits to be tried again.
    case waiting = "WAIT"
    /// Its handler runs.
    case running = "RUNNING"
    /// Its handler returned.
    case succeeded = "SUCCESS"
    /// Its last attempt failed, or it was stopped.
    case failed = "FAIL"
    /// It became too old before it could run.
    case discarded = "DISCARD"

    /// Whether nothing more will happen.
    public var isFinal: Bool { self != .waiting && self != .running }
}
