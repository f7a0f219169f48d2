/// What happened to a function's invocations in a piece of time.
public struct MetricsBucket: Hashable, Sendable {
    /// Invocations that ran or were refused.
    public var count = 0
    /// Those that failed in the function's code.
    public var functionErrors = 0
    /// Those that failed because of the platform.
    public var systemErrors = 0
    /// Those that were refused because no instance was free.
    public var rejects = 0
    /// Those that ran to an end of any kind: what durations are the average of.
    public var runs = 0
    /// The sum of their durations, in microseconds.
    public var totalMicroseconds = 0
    /// The shortest duration, in microseconds.
    public var minimumMicroseconds = Int.max
    /// The longest, in microseconds.
    public var maximumMicroseconds = 0
    /// The most that ran at the same time.
    public var concurrency = 0
    /// The most reserved instances.
    public var reservedInstances = 0
    /// Memory times billed time, in MB milliseconds.
    public var megabyteMilliseconds = 0

    /// Nothing happened.
    public init() {}

    /// Whether nothing happened.
    public var isEmpty: Bool { self == MetricsBucket() }

    /// Adds what happened in another piece of time.
    public mutating func merge(_ other: MetricsBucket) {
        count += other.count
        functionErrors += other.functionErrors
        systemErrors += other.systemErrors
        rejects += other.rejects
        runs += other.runs
        totalMicroseconds += other.totalMicroseconds
        minimumMicroseconds = min(minimumMicroseconds, other.minimumMicroseconds)
        maximumMicroseconds = max(maximumMicroseconds, other.maximumMicroseconds)
        concurrency = max(concurrency, other.concurrency)
        reservedInstances = max(reservedInstances, other.reservedInstances)
        megabyteMilliseconds += other.megabyteMilliseconds
    }
}
