import Glibc

/// Writes an archive to an open file, which it does not own.
public struct FileSink: ByteSink, Sendable {
    private let descriptor: Int32

    /// Writes from the descriptor's position on.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// See `ByteSink`.
    public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ZipError) {
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            if count > 0 {
                written += count
            } else if errno != EINTR {
                throw .system("write")
            }
        }
    }
}
