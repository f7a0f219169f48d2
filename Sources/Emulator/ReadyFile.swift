import Glibc
import Sockets

/// The file that says where a server can be reached. It appears complete or not at all.
enum ReadyFile {
    /// Writes `{"url":…,"port":…,"pid":…}` to `path`, through a temporary file beside it.
    ///
    /// - Parameter announce: Is called when nothing stands in the way any more; who finds the file finds it done.
    /// - Throws: `SystemError`.
    static func write(
        to path: String, url: String, port: UInt16, announce: () -> Void
    ) throws(SystemError) {
        let temporary = "\(path).\(getpid())"
        let bytes = Array("{\"url\":\"\(url)\",\"port\":\(port),\"pid\":\(getpid())}\n".utf8)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemError("open \(temporary)") }
        let written = Glibc.write(descriptor, bytes, bytes.count)
        let failure = errno
        close(descriptor)
        guard written == bytes.count else { throw SystemError("write \(temporary)", code: failure) }
        announce()
        guard rename(temporary, path) == 0 else { throw SystemError("rename \(path)") }
    }
}
