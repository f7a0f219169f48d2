import Glibc
import WorkerProtocol

/// Time and processor time from one moment on.
struct Measurement {
    private let start = Self.monotonic
    private let cpuStart = Self.read(CLOCK_PROCESS_CPUTIME_ID)

    /// The descriptor of the instance's `/tmp`; -1 where it has none of its own. Written once, when the process
    /// becomes an instance.
    nonisolated(unsafe) static var temporary: Int32 = -1

    /// What the instance's `/tmp` holds, in KiB.
    static var storageKiB: UInt32 {
        guard temporary >= 0 else { return 0 }
        var status = statvfs()
        guard fstatvfs(temporary, &status) == 0 else { return 0 }
        return UInt32(
            clamping: (UInt64(status.f_blocks) - UInt64(status.f_bfree)) * UInt64(status.f_frsize) >> 10)
    }

    /// What was used since, and the most memory the process has held.
    func result(code: UInt32) -> ResultHeader {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return ResultHeader(
            code: code,
            durationNanoseconds: Self.monotonic - start,
            cpuNanoseconds: Self.read(CLOCK_PROCESS_CPUTIME_ID) - cpuStart,
            peakMemoryKiB: UInt64(usage.ru_maxrss),
            storageKiB: Self.storageKiB,
            hasUnreadOutput: OutputPipe.hasUnread
        )
    }

    /// The monotonic clock, in nanoseconds.
    static var monotonic: UInt64 { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
