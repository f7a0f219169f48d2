import FunctionGraph

/// Puts together the log of one invocation: start line, what the instance wrote, finish line (runtime guide, "Log
/// records of one invocation"). Every invocation has one, so it is written byte by byte.
struct InvocationLog {
    /// The most bytes a caller gets back.
    static let tailLength = 4_096

    private(set) var bytes: [UInt8] = []

    /// Begins with the start line.
    init(requestID: String, version: String, startedAt: Timestamp, capacity: Int) {
        bytes.reserveCapacity(capacity + 320)
        append(startedAt.zulu)
        append(" Start invoke request '")
        append(requestID)
        append("', version: ")
        append(version)
        append("\n")
    }

    /// Adds what was written.
    mutating func append(output: [UInt8]) {
        bytes.append(contentsOf: output)
    }

    /// Ends with the finish line.
    mutating func finish(requestID: String, _ outcome: InvocationOutcome, at finishedAt: Timestamp) {
        if let last = bytes.last, last != UInt8(ascii: "\n") { append("\n") }
        append(finishedAt.zulu)
        append(" Finish invoke request '")
        append(requestID)
        append(outcome.isSuccess ? "', duration: " : "'(invoke Failed), duration: ")
        append(thousandths: outcome.durationNanoseconds / 1_000)
        append("ms, billing duration: ")
        append(number: outcome.billedMilliseconds)
        append("ms, memory used: ")
        append(thousandths: outcome.memoryKiB * 1_000 / 1_024)
        append("MB, billing memory: ")
        append(number: UInt64(outcome.memorySize))
        append("MB, cpu used: ")
        // Processors in use on average, as the platform's `U`.
        let nanoseconds = outcome.durationNanoseconds
        append(thousandths: nanoseconds == 0 ? 0 : outcome.cpuNanoseconds * 1_000 / nanoseconds)
        append("U, storage used: ")
        append(thousandths: UInt64(outcome.storageKiB) * 1_000 / 1_024)
        append("MB\n")
    }

    /// The last `tailLength` bytes.
    var tail: [UInt8] { bytes.count <= Self.tailLength ? bytes : Array(bytes.suffix(Self.tailLength)) }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func append(number: UInt64) {
        if number >= 10 { append(number: number / 10) }
        bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    /// A number of thousandths with three decimals.
    private mutating func append(thousandths value: UInt64) {
        append(number: value / 1_000)
        append(".")
        for divisor: UInt64 in [100, 10, 1] { bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10)) }
    }
}
