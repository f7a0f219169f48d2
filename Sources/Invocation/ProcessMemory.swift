import Glibc
import Runtime
import Sockets

/// What the kernel says about a process's memory.
@EventLoopActor
enum ProcessMemory {
    /// The memory a process holds now, in KiB; nil when it has gone.
    static func residentKiB(of process: pid_t) -> UInt64? {
        let descriptor = open("/proc/\(process)/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(byteCount: 128, alignment: 1) { buffer in
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            guard count > 0 else { return nil }
            // The second number, in pages.
            let fields = buffer[..<count].split(separator: UInt8(ascii: " "), maxSplits: 2)
            guard fields.count > 1, let pages = UInt64(String(decoding: fields[1], as: UTF8.self)) else {
                return nil
            }
            return pages * pageKiB
        }
    }

    private static let pageKiB = UInt64(sysconf(Int32(_SC_PAGESIZE))) / 1_024
}
