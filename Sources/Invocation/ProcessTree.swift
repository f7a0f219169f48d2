import Glibc
import Sockets

/// A process and those it has started, as /proc tells it.
enum ProcessTree {
    /// How many processes are looked at; a tree that goes on growing has no end.
    private static let limit = 256

    /// The process and its descendants, each before its children; more than the first only where it still runs.
    static func processes(of root: pid_t) -> [pid_t] {
        var found = [root]
        var next = 0
        while next < found.count {
            // Each thread has children of its own.
            for thread in DirectoryListing.names(in: "/proc/\(found[next])/task") {
                let path = "/proc/\(found[next])/task/\(thread)/children"
                for child in numbers(in: path) where found.count < limit {
                    found.append(pid_t(truncatingIfNeeded: child))
                }
            }
            next += 1
        }
        return found
    }

    /// The numbers of a short file; none when it cannot be read.
    static func numbers(in path: String) -> [UInt64] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 1) { buffer in
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            guard count > 0 else { return [] }
            var numbers: [UInt64] = []
            var current: UInt64?
            for byte in buffer[..<count] {
                if UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
                    current = (current ?? 0) &* 10 &+ UInt64(byte - UInt8(ascii: "0"))
                } else if let number = current {
                    numbers.append(number)
                    current = nil
                }
            }
            return numbers
        }
    }
}
