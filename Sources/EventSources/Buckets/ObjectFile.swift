import CSystem
import Crypto
import Glibc
import Sockets
import Triggers

/// An open file of a bucket.
struct ObjectFile: ~Copyable {
    /// By what its content is known.
    let stamp: FileStamp
    /// Whether it has names besides this one.
    let hasOtherNames: Bool
    private let descriptor: FileDescriptor
    private let size: Int

    /// Opens a file of an open directory.
    ///
    /// - Returns: nil for what is no regular file; links are none.
    init?(_ name: String, in directory: Int32) {
        let opened = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard opened >= 0 else { return nil }
        let descriptor = FileDescriptor(owning: opened)
        var status = stat()
        guard fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        stamp = FileStamp(status)
        hasOtherNames = status.st_nlink > 1
        size = Int(status.st_size)
        self.descriptor = descriptor
    }

    /// Whether somebody is about to write it.
    var isBeingWritten: Bool { csystem_is_being_written(descriptor.rawValue) != 0 }

    /// The object that it is. Reads all of it.
    ///
    /// - Returns: nil if it cannot be read.
    func object(key: String) -> OBSEvent.Object? {
        var hash = Insecure.MD5()
        var total = 0
        let isComplete = withUnsafeTemporaryAllocation(byteCount: 256 << 10, alignment: 16) { buffer in
            while true {
                let count = read(descriptor.rawValue, buffer.baseAddress, buffer.count)
                if count == 0 { return true }
                if count < 0 {
                    if errno == EINTR { continue }
                    return false
                }
                hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                total += count
            }
        }
        guard isComplete else { return nil }
        let digits = Array("0123456789abcdef".utf8)
        let tag = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return OBSEvent.Object(key: key, size: total, eTag: String(decoding: tag, as: UTF8.self))
    }
}
