import Glibc
import Sockets

/// What the kernel says about a process and its children.
@EventLoopActor
enum ProcessUsage {
    /// The memory a process and its descendants hold now, in KiB; nil when it has gone.
    static func residentKiB(of process: pid_t) -> UInt64? {
        guard var total = ownResidentKiB(of: process) else { return nil }
        var budget = 256
        addChildren(of: process, to: &total, &budget)
        return total
    }

    /// What is in the `/tmp` that a process sees, in KiB; 0 where that cannot be told, and where it is the
    /// machine's own.
    static func temporaryKiB(of process: pid_t) -> UInt64 {
        var own = stat()
        var machine = stat()
        let path = "/proc/\(process)/root/tmp"
        guard stat(path, &own) == 0, stat("/tmp", &machine) == 0, own.st_dev != machine.st_dev else {
            return 0
        }
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return 0 }
        return (UInt64(status.f_blocks) - UInt64(status.f_bfree)) * UInt64(status.f_frsize) >> 10
    }

    private static func addChildren(of process: pid_t, to total: inout UInt64, _ budget: inout Int) {
        for child in numbers(in: "/proc/\(process)/task/\(process)/children") where budget > 0 {
            budget -= 1
            total += ownResidentKiB(of: pid_t(truncatingIfNeeded: child)) ?? 0
            addChildren(of: pid_t(truncatingIfNeeded: child), to: &total, &budget)
        }
    }

    private static func ownResidentKiB(of process: pid_t) -> UInt64? {
        // The second number, in pages.
        let fields = numbers(in: "/proc/\(process)/statm")
        return fields.count > 1 ? fields[1] * pageKiB : nil
    }

    /// The numbers of a short file; none when it cannot be read.
    private static func numbers(in path: String) -> [UInt64] {
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

    private static let pageKiB = UInt64(sysconf(Int32(_SC_PAGESIZE))) / 1_024
}
