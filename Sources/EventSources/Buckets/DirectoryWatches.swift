import Glibc
import Sockets

/// The kernel's notices about directories (inotify). One directory has one watch, which does not reach those in it.
struct DirectoryWatches: ~Copyable, Sendable {
    /// What says that there is something to read.
    let descriptor: FileDescriptor

    /// What is reported: everything that makes a file appear with its content, and everything that takes one away.
    private static let interest =
        UInt32(
            bitPattern: Int32(IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO))
        | UInt32(IN_ONLYDIR)

    /// How many bytes of events are read at a time: about a thousand.
    private static let readSize = 64 << 10

    /// Watches nothing yet.
    ///
    /// - Throws: `SystemError` when the user has too many of them.
    init() throws(SystemError) {
        let descriptor = inotify_init1(Int32(O_CLOEXEC | O_NONBLOCK))
        guard descriptor >= 0 else { throw SystemError("inotify_init1") }
        self.descriptor = FileDescriptor(owning: descriptor)
    }

    /// Watches an open directory.
    ///
    /// - Throws: `SystemError`, `ENOSPC` when there are too many watches.
    func add(_ directory: Int32) throws(SystemError) -> Int32 {
        // By its descriptor: no link that somebody puts into the path meanwhile leads elsewhere.
        let watch = inotify_add_watch(descriptor.rawValue, "/proc/self/fd/\(directory)", Self.interest)
        guard watch >= 0 else { throw SystemError("inotify_add_watch") }
        return watch
    }

    /// Ends a watch.
    func remove(_ watch: Int32) {
        inotify_rm_watch(descriptor.rawValue, watch)
    }

    /// The next events, in order; none if there are no more for now.
    func next() -> [FileEvent] {
        withUnsafeTemporaryAllocation(byteCount: Self.readSize, alignment: 8) { buffer in
            let count = read(descriptor.rawValue, buffer.baseAddress, buffer.count)
            var events: [FileEvent] = []
            var offset = 0
            let header = MemoryLayout<inotify_event>.size
            while offset + header <= count {
                let event = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                // Filled up with zeros.
                let name = buffer[offset + header..<offset + header + Int(event.len)].prefix { $0 != 0 }
                events.append(
                    FileEvent(
                        watch: event.wd, mask: event.mask, cookie: event.cookie,
                        name: String(decoding: name, as: UTF8.self)))
                offset += header + Int(event.len)
            }
            return events
        }
    }
}
