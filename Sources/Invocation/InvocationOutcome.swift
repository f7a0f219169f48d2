/// What became of an invocation that ran.
public struct InvocationOutcome: Sendable {
    /// 0, or the code of what went wrong; see `RuntimeCode`.
    public let code: UInt32
    /// The result for the caller, or the error object.
    public let body: [UInt8]
    /// The time the handler took, in nanoseconds.
    public let durationNanoseconds: UInt64
    /// The most memory the instance has held, in KiB.
    public let memoryKiB: UInt64
    /// The memory the function has, in MB.
    public let memorySize: Int
    /// The end of the log, at most 4,096 bytes; empty unless it was wanted.
    public let log: [UInt8]

    /// The duration in milliseconds, whole ones, rounded up: what is billed.
    public var billedMilliseconds: UInt64 { max(1, (durationNanoseconds + 999_999) / 1_000_000) }

    /// The duration in milliseconds.
    public var milliseconds: Double { Double(durationNanoseconds / 1_000) / 1_000 }

    /// The memory used in MB.
    public var memoryMB: Double { Double(memoryKiB * 1_000 / 1_024) / 1_000 }

    /// Whether the handler returned.
    public var isSuccess: Bool { code == 0 }
}
