/// Gathers an archive in memory.
public struct BytesSink: ByteSink, Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    /// An empty sink.
    public init() {}

    /// See `ByteSink`.
    public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ZipError) {
        self.bytes.append(contentsOf: bytes)
    }
}
