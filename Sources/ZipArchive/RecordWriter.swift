/// Puts zip records together: little-endian numbers, one after the other.
struct RecordWriter {
    private(set) var bytes: [UInt8] = []

    mutating func u16(_ value: some BinaryInteger) { append(UInt16(truncatingIfNeeded: value)) }
    mutating func u32(_ value: some BinaryInteger) { append(UInt32(truncatingIfNeeded: value)) }
    mutating func u64(_ value: some BinaryInteger) { append(UInt64(truncatingIfNeeded: value)) }
    mutating func text(_ text: [UInt8]) { bytes.append(contentsOf: text) }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
