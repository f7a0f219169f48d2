import Glibc

/// Buckets that are directories: the object `b/a/k` is the file `a/k` of the directory `b` below a root.
///
/// No path leads out of the root: every directory on the way is opened by itself, following no links.
public struct LocalBuckets: Sendable {
    /// The directory that holds the buckets.
    public let root: String

    /// Buckets below a directory.
    public init(root: String) {
        self.root = root
    }

    /// The bytes of an object.
    ///
    /// - Throws: `ObjectError`.
    public func read(_ address: ObjectAddress, limit: Int) throws(ObjectError) -> [UInt8] {
        let directory = try open(address, creating: false)
        defer { close(directory) }
        let descriptor = openat(directory, Self.name(address), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw ObjectError(address, root, errno) }
        defer { close(descriptor) }
        return try Self.contents(of: descriptor, limit: limit) { ObjectError(address, root, $0) }
    }

    /// Puts an object into its bucket. It appears complete or not at all.
    ///
    /// - Throws: `ObjectError`.
    public func write(_ bytes: [UInt8], to address: ObjectAddress) throws(ObjectError) {
        let directory = try open(address, creating: true)
        defer { close(directory) }
        let temporary = ".\(Self.name(address)).\(getpid())"
        let descriptor = openat(
            directory, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw ObjectError(address, root, errno) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
            }
            if count > 0 {
                written += count
            } else if errno != EINTR {
                let failure = errno
                close(descriptor)
                unlinkat(directory, temporary, 0)
                throw ObjectError(address, root, failure)
            }
        }
        close(descriptor)
        guard renameat(directory, temporary, directory, Self.name(address)) == 0 else {
            throw ObjectError(address, root, errno)
        }
    }

    /// The bytes of an open regular file.
    static func contents(
        of descriptor: Int32, limit: Int, _ failure: (Int32) -> ObjectError
    ) throws(ObjectError) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure(EISDIR) }
        guard status.st_size <= limit else { throw failure(EFBIG) }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress! + filled, $0.count - filled)
            }
            if count > 0 {
                filled += count
            } else if count == 0 {
                bytes.removeLast(bytes.count - filled)
            } else if errno != EINTR {
                throw failure(errno)
            }
        }
        return bytes
    }

    /// The directory that an object's file is in.
    private func open(_ address: ObjectAddress, creating: Bool) throws(ObjectError) -> Int32 {
        var directory = Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw ObjectError(address, root, errno) }
        for name in [address.bucket.description] + address.key.components.dropLast() {
            let parent = directory
            defer { close(parent) }
            if creating { mkdirat(parent, name, 0o755) }
            directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
            guard directory >= 0 else { throw ObjectError(address, root, errno) }
        }
        return directory
    }

    private static func name(_ address: ObjectAddress) -> String { address.key.components.last ?? "" }
}
