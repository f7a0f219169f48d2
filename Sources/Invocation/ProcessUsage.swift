import Glibc

/// What the kernel says about a process and its children.
enum ProcessUsage {
    /// The memory a process and its descendants hold now, in KiB; nil when it has gone.
    static func residentKiB(of process: pid_t) -> UInt64? {
        guard let own = ownResidentKiB(of: process) else { return nil }
        return ProcessTree.processes(of: process).dropFirst().reduce(own) {
            $0 + (ownResidentKiB(of: $1) ?? 0)
        }
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

    /// The processor time that a process has used, without its children, in nanoseconds; nil when it has gone.
    static func processorNanoseconds(of process: pid_t) -> UInt64? {
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else { return nil }
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func ownResidentKiB(of process: pid_t) -> UInt64? {
        // The second number, in pages.
        let fields = ProcessTree.numbers(in: "/proc/\(process)/statm")
        return fields.count > 1 ? fields[1] * pageKiB : nil
    }

    private static let pageKiB = UInt64(sysconf(Int32(_SC_PAGESIZE))) / 1_024
}
