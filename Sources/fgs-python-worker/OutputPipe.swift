import CSystem
import Glibc

/// The pipe that is the instance's standard output and error, seen from inside.
///
/// The server reads it on its own. An instance that goes on with its next request waits until that has happened, so
/// that what the requests write can be told apart.
enum OutputPipe {
    /// A descriptor of its own: the handler may do with 1 and 2 what it likes. Written once, when the process becomes
    /// an instance.
    nonisolated(unsafe) private(set) static var descriptor: Int32 = -1

    /// Takes over a descriptor, and gives it a number that is out of the way: shells know none of two digits, so those
    /// of one are scarce.
    static func keep(_ output: Int32) {
        descriptor = fcntl(output, F_DUPFD_CLOEXEC, 40)
        close(output)
    }

    /// Whether there is output that the server has not read; so too if that cannot be told.
    static var hasUnread: Bool { csystem_unread(descriptor) != 0 }

    /// Waits until the server has read what is there now, which takes it long when all processors are busy; but for at
    /// most a second. It reads everything, so when something has been read, all of that has: what else is there was
    /// written since, by something that does not wait.
    static func waitUntilRead() {
        let began = Measurement.monotonic
        var unread = csystem_unread(descriptor)
        while unread != 0, Measurement.monotonic - began < 1_000_000_000 {
            usleep(50)
            let left = csystem_unread(descriptor)
            if left < unread { return }
            unread = left
        }
    }
}
