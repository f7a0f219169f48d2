import Dispatch
import Glibc
import Synchronization

/// Where log lines go: a descriptor, written behind the back of whoever logs.
///
/// Lines gather for up to ten milliseconds and leave in one write, so that a log line costs an invocation
/// no system call. `flush` empties it at the end of the process.
public final class LogSink: Sendable {
    private struct Lines {
        var bytes: [UInt8] = []
        var isFlushScheduled = false
        var lost = 0
    }

    private let descriptor: Int32
    private let lines = Mutex(Lines())
    private let queue = DispatchQueue(label: "fgs-emulator.log")

    /// More than this is not kept for a reader that does not read.
    private static let capacity = 8 << 20

    /// A sink that writes to `descriptor`, which it does not own.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Adds a line, its end included.
    func append(_ line: [UInt8]) {
        let mustSchedule = lines.withLock { lines in
            guard lines.bytes.count + line.count <= Self.capacity else {
                lines.lost += 1
                return false
            }
            lines.bytes.append(contentsOf: line)
            defer { lines.isFlushScheduled = true }
            return !lines.isFlushScheduled
        }
        if mustSchedule { queue.asyncAfter(deadline: .now() + .milliseconds(10)) { self.writeOut() } }
    }

    /// Writes what is left. Lines that are added later are written as usual.
    public func flush() {
        queue.sync { writeOut() }
    }

    private func writeOut() {
        let taken = lines.withLock { lines in
            var taken = Lines()
            swap(&taken, &lines)
            return taken
        }
        write(taken.bytes)
        if taken.lost > 0 { write(Array("\(taken.lost) log lines were lost: nobody read them\n".utf8)) }
    }

    private func write(_ bytes: [UInt8]) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
            }
            if count > 0 {
                written += count
            } else if errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, 1_000)
            } else if errno != EINTR {
                return
            }
        }
    }
}
