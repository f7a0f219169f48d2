import FunctionGraph
import Runtime

/// Puts together the log of one invocation: start line, what the instance wrote, finish line.
struct InvocationLog {
    /// The most bytes a caller gets back.
    static let tailLength = 4_096

    let requestID: String
    let version: String
    let startedAt: Timestamp

    /// The last `tailLength` bytes of the whole log.
    ///
    /// - Parameters:
    ///   - preamble: What the instance wrote while it was loaded, if this invocation started it.
    ///   - output: What it wrote while the handler ran.
    func tail(
        preamble: [UInt8], output: [UInt8], outcome: (code: UInt32, nanoseconds: UInt64, memoryKiB: UInt64),
        cpuNanoseconds: UInt64, memorySize: Int, finishedAt: Timestamp
    ) -> [UInt8] {
        var log = Array("\(startedAt.zulu) Start invoke request '\(requestID)', version: \(version)\n".utf8)
        log.append(contentsOf: preamble)
        log.append(contentsOf: output)
        if let last = log.last, last != UInt8(ascii: "\n") { log.append(UInt8(ascii: "\n")) }
        let failed = outcome.code == 0 ? "" : "(invoke Failed)"
        let billed = max(1, (outcome.nanoseconds + 999_999) / 1_000_000)
        // Processors in use on average, as the platform's `U`.
        let cpu = outcome.nanoseconds == 0 ? 0 : cpuNanoseconds * 1_000 / outcome.nanoseconds
        let finish =
            "\(finishedAt.zulu) Finish invoke request '\(requestID)'\(failed), "
            + "duration: \(thousandths(outcome.nanoseconds / 1_000))ms, billing duration: \(billed)ms, "
            + "memory used: \(thousandths(outcome.memoryKiB * 1_000 / 1_024))MB, "
            + "billing memory: \(memorySize)MB, cpu used: \(thousandths(cpu))U, storage used: 0.000MB\n"
        log.append(contentsOf: finish.utf8)
        return log.count <= Self.tailLength ? log : Array(log.suffix(Self.tailLength))
    }

    /// A number of thousandths with three decimals.
    private func thousandths(_ value: UInt64) -> String {
        let fraction = String(value % 1_000)
        return "\(value / 1_000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }
}
