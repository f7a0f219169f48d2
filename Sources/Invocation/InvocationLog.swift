import FunctionGraph
import Sockets

/// Puts together the log of one invocation: start line, what the instance wrote, finish line (runtime guide, "Log
/// records of one invocation"). Every invocation has one, so it is written byte by byte.
@EventLoopActor
struct InvocationLog {
    /// The most bytes a caller gets back.
    static let tailLength = 4_096

    private var text: ByteText

    /// What there is of it.
    var bytes: [UInt8] { text.bytes }

    /// Begins with the start line.
    init(requestID: String, version: String, startedAt: Timestamp, capacity: Int) {
        text = ByteText(capacity: capacity + 320)
        text.append(Self.text(of: startedAt))
        text.append(" Start invoke request '")
        text.append(requestID)
        text.append("', version: ")
        text.append(version)
        text.append("\n")
    }

    /// Adds what was written.
    mutating func append(output: [UInt8]) {
        text.append(output)
    }

    /// Ends with the finish line.
    mutating func finish(requestID: String, _ outcome: InvocationOutcome, at finishedAt: Timestamp) {
        if let last = text.bytes.last, last != UInt8(ascii: "\n") { text.append("\n") }
        text.append(Self.text(of: finishedAt))
        text.append(" Finish invoke request '")
        text.append(requestID)
        text.append(outcome.isSuccess ? "', duration: " : "'(invoke Failed), duration: ")
        text.append(thousandths: outcome.durationNanoseconds / 1_000)
        text.append("ms, billing duration: ")
        text.append(number: outcome.billedMilliseconds)
        text.append("ms, memory used: ")
        text.append(thousandths: outcome.memoryKiB * 1_000 / 1_024)
        text.append("MB, billing memory: ")
        text.append(number: UInt64(outcome.memorySize))
        text.append("MB, cpu used: ")
        // Processors in use on average, as the platform's `U`.
        let nanoseconds = outcome.durationNanoseconds
        text.append(thousandths: nanoseconds == 0 ? 0 : outcome.cpuNanoseconds * 1_000 / nanoseconds)
        text.append("U, storage used: ")
        text.append(thousandths: UInt64(outcome.storageKiB) * 1_000 / 1_024)
        text.append("MB\n")
    }

    /// The second that was written last, and its text; most lines are of the same.
    private static var lastSecond: Int64 = .min
    private static var lastText: [UInt8] = []

    private static func text(of time: Timestamp) -> [UInt8] {
        let second = time.seconds
        if second != lastSecond {
            lastSecond = second
            lastText = Array(time.zulu.utf8)
        }
        return lastText
    }

    /// The last `tailLength` bytes.
    var tail: [UInt8] { Array(InvocationOutcome.end(of: bytes, Self.tailLength)) }
}
