import FunctionGraph
import Glibc
import Synchronization

/// The time of day that everything in the emulator goes by: what is stored, what is due, what has expired.
///
/// It can be read from any thread. How long a handler may run is measured by the machine's monotonic clock
/// instead: time that is steered does not make code faster.
public final class Clock: Sendable {
    /// The system's clock.
    public init() {}

    /// The time now.
    public func now() -> Timestamp { Self.systemTime() }

    /// The machine's own time, which nobody steers: what the emulator's log goes by.
    public static func systemTime() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
