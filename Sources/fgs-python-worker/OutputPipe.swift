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

    /// Waits until the server has read everything, which takes it long when all processors are busy; or for a tenth of a
    /// second: something else may write all the time. Calls of functions that write are not sent ahead for long, so few
    /// ever wait here.
    static func waitUntilRead() {
        let began = Measurement.monotonic
        while hasUnread, Measurement.monotonic - began < 100_000_000 { usleep(50) }
    }
}
