import Glibc

/// An archive in a file, which stays open as long as this lives.
public final class FileSource: ByteSource, Sendable {
    private let descriptor: Int32
    /// See `ByteSource`.
    public let size: UInt64

    /// Opens a regular file.
    ///
    /// - Throws: `ZipError.system` when it cannot be opened or is no regular file.
    public init(path: String) throws(ZipError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open \(path)") }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .system("open \(path)", code: EINVAL)
        }
        size = UInt64(status.st_size)
    }

    /// See `ByteSource`.
    public func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(ZipError) {
        var filled = 0
        while filled < buffer.count {
            let count = pread(
                descriptor,
                buffer.baseAddress! + filled,
                buffer.count - filled,
                off_t(offset) + off_t(filled)
            )
            if count > 0 {
                filled += count
            } else if count == 0 {
                throw .truncated("bytes are missing")
            } else if errno != EINTR {
                throw .system("read")
            }
        }
    }

    deinit {
        close(descriptor)
    }
}
