import FunctionGraph

/// Entries of one function's log as they are stored: one value for many, because a row for each would cost more than
/// running the function.
///
/// Each entry is its time, its code, the lengths of its texts, and the texts; numbers are little-endian.
enum LogChunk {
    static func encode(_ entries: [LogEntry]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.reduce(0) { $0 + $1.text.count + 80 })
        for entry in entries {
            append(UInt64(bitPattern: entry.time.milliseconds), to: &bytes)
            append(entry.code, to: &bytes)
            append(UInt16(truncatingIfNeeded: entry.requestID.utf8.count), to: &bytes)
            append(UInt16(truncatingIfNeeded: entry.version.utf8.count), to: &bytes)
            append(UInt32(truncatingIfNeeded: entry.text.count), to: &bytes)
            bytes.append(contentsOf: entry.requestID.utf8)
            bytes.append(contentsOf: entry.version.utf8)
            bytes.append(contentsOf: entry.text)
        }
        return bytes
    }

    static func decode(_ bytes: [UInt8], functionURN: String) -> [LogEntry] {
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

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, _ count: Int) -> UInt64 {
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
