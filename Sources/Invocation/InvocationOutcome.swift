import JSON

/// What became of an invocation that ran.
public struct InvocationOutcome: Sendable {
    /// 0, or the code of what went wrong; see `RuntimeCode`.
    public let code: UInt32
    /// The result for the caller, or the error object.
    public let body: [UInt8]
    /// The time the handler took, in nanoseconds.
    public let durationNanoseconds: UInt64
    /// The processor time meanwhile, in nanoseconds.
    public let cpuNanoseconds: UInt64
    /// The most memory the instance has held, in KiB.
    public let memoryKiB: UInt64
    /// The memory the function has, in MB.
    public let memorySize: Int
    /// What the instance's `/tmp` held at the end, in KiB.
    public let storageKiB: UInt32
    /// The time the initializer took, if the instance was started for this invocation, in nanoseconds.
    public var initializerNanoseconds: UInt64 = 0
    /// The end of the log, at most 4,096 bytes; empty unless it was wanted.
    public var log: [UInt8] = []

    /// An invocation that did not get as far as its handler.
    static func failed(_ code: UInt32, _ body: [UInt8], memorySize: Int) -> InvocationOutcome {
        InvocationOutcome(
            code: code, body: body, durationNanoseconds: 0, cpuNanoseconds: 0, memoryKiB: 0,
            memorySize: memorySize,
            storageKiB: 0)
    }

    /// What is billed: the durations of the initializer and the handler in milliseconds, whole ones, rounded up
    /// (runtime guide, "Cold start order").
    public var billedMilliseconds: UInt64 {
        max(1, (durationNanoseconds + initializerNanoseconds + 999_999) / 1_000_000)
    }

    /// The duration in milliseconds.
    public var milliseconds: Double { Double(durationNanoseconds / 1_000) / 1_000 }

    /// The memory used in MB.
    public var memoryMB: Double { Double(memoryKiB * 1_000 / 1_024) / 1_000 }

    /// Duration, billed duration and memory as a JSON object, which is what callers get in a header.
    public var summary: [UInt8] {
        var text = ByteText(capacity: 96)
        text.append("{\"duration\":")
        text.append(thousandths: durationNanoseconds / 1_000)
        text.append(",\"billingDuration\":")
        text.append(number: billedMilliseconds)
        text.append(",\"memorySize\":")
        text.append(number: UInt64(memorySize))
        text.append(",\"memoryUsed\":")
        text.append(thousandths: memoryKiB * 1_000 / 1_024)
        text.append("}")
        return text.bytes
    }

    /// What an error object says went wrong.
    public var errorMessage: String {
        (try? JSONValue(parsing: body))?["errorMessage"]?.stringValue
            ?? "the function failed with code \(code)"
    }

    /// The last bytes of a log, at most so many, and no part of a character.
    public static func end(of log: [UInt8], _ count: Int) -> ArraySlice<UInt8> {
        guard log.count > count else { return log[...] }
        return log.suffix(count).drop { $0 & 0xC0 == 0x80 }
    }

    /// Whether the handler returned.
    public var isSuccess: Bool { code == 0 }
}
