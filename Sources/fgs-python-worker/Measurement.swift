import Glibc
import WorkerProtocol

/// Time and processor time from one moment on.
struct Measurement {
    private let start = Self.read(CLOCK_MONOTONIC)
    private let cpuStart = Self.read(CLOCK_PROCESS_CPUTIME_ID)

    /// What was used since, and the most memory the process has held.
    func result(code: UInt32) -> ResultHeader {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return ResultHeader(
            code: code,
            durationNanoseconds: Self.read(CLOCK_MONOTONIC) - start,
            cpuNanoseconds: Self.read(CLOCK_PROCESS_CPUTIME_ID) - cpuStart,
            peakMemoryKiB: UInt64(usage.ru_maxrss)
        )
    }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
