import Glibc

/// A file of this machine that somebody named by a `file://` URL.
public struct LocalFile: Sendable {
    private let path: String

    /// Takes a URL such as `file:///home/me/code.zip`.
    ///
    /// - Returns: nil for URLs of other kinds.
    public init?(url: String) {
        guard url.lowercased().hasPrefix("file:///"), !url.utf8.contains(0) else { return nil }
        path = String(url.dropFirst("file://".count))
    }

    /// Its bytes.
    ///
    /// - Throws: `ObjectError`.
    public func read(limit: Int) throws(ObjectError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw ObjectError(path: path, code: errno) }
        defer { close(descriptor) }
        return try LocalBuckets.contents(of: descriptor, limit: limit) { ObjectError(path: path, code: $0) }
    }
}
