import FunctionGraph

/// Entries of one function's log as they are stored: one value for many, because a row for each would cost more than
/// running the function.
///
/// Each entry is its time, its code, the lengths of its texts, and the texts; numbers are little-endian.
public struct LogChunk: Sendable {
    /// The function's URN, without a version.
    public let functionURN: String
    /// Its project.
    public let project: ProjectID
    /// The entries, one after the other.
    public private(set) var bytes: [UInt8] = []
    /// The times of the earliest and the latest entry; nil without entries.
    public private(set) var times: ClosedRange<Timestamp>?

    /// Without entries.
    public init(functionURN: String, project: ProjectID) {
        self.functionURN = functionURN
        self.project = project
    }

    /// Adds an entry of the function.
    public mutating func append(
        time: Timestamp, requestID: String, version: String, code: UInt32, text: [UInt8]
    ) {
        append(UInt64(bitPattern: time.milliseconds))
        append(code)
        append(UInt16(truncatingIfNeeded: requestID.utf8.count))
        append(UInt16(truncatingIfNeeded: version.utf8.count))
        append(UInt32(truncatingIfNeeded: text.count))
        bytes.append(contentsOf: requestID.utf8)
        bytes.append(contentsOf: version.utf8)
        bytes.append(contentsOf: text)
        times = times.map { min($0.lowerBound, time)...max($0.upperBound, time) } ?? time...time
    }

    /// The entries of a chunk that was stored.
    static func entries(_ bytes: [UInt8], functionURN: String) -> [LogEntry] {
        var entries: [LogEntry] = []
        var rest = bytes[...]
        while rest.count >= 20 {
            let time = number(&rest, 8)
            let code = number(&rest, 4)
            let lengths = [Int(number(&rest, 2)), Int(number(&rest, 2)), Int(number(&rest, 4))]
            guard rest.count >= lengths.reduce(0, +) else { break }
            let texts = lengths.map { length in
                defer { rest = rest.dropFirst(length) }
                return rest.prefix(length)
            }
            entries.append(
                LogEntry(
                    time: Timestamp(milliseconds: Int64(bitPattern: time)),
                    requestID: String(decoding: texts[0], as: UTF8.self), functionURN: functionURN,
                    version: String(decoding: texts[1], as: UTF8.self),
                    code: UInt32(truncatingIfNeeded: code),
                    text: Array(texts[2])))
        }
        return entries
    }

    private mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, _ count: Int) -> UInt64 {
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
