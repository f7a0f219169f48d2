/// An archive in memory.
public struct BytesSource: ByteSource, Sendable {
    private let bytes: [UInt8]

    /// Wraps the bytes of an archive.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// See `ByteSource`.
    public var size: UInt64 { UInt64(bytes.count) }

    /// See `ByteSource`.
    public func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(ZipError) {
        guard offset <= size, UInt64(buffer.count) <= size - offset else {
            throw .truncated("bytes are missing")
        }
        bytes.withUnsafeBytes {
            buffer.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: $0[Int(offset)..<(Int(offset) + buffer.count)])
            )
        }
    }
}
