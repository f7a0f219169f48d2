/// The time that statistics are asked for, in buckets.
public struct StatisticsPeriod: Hashable, Sendable {
    /// The most buckets an answer has; longer times get longer buckets.
    public static let maximumCount = 1_000

    /// When the first bucket begins: a whole multiple of the bucket's length.
    public let start: Timestamp
    /// The length of a bucket, in milliseconds: a multiple of a minute.
    public let bucketMilliseconds: Int64
    /// How many buckets there are; at least one.
    public let count: Int

    /// The time between two moments, whichever comes first.
    public init(from first: Timestamp, to second: Timestamp) {
        let (start, end) = first < second ? (first, second) : (second, first)
        let length = end.milliseconds - start.milliseconds
        let minute: Int64 = 60_000
        let hour = 60 * minute
        // API reference, M-2: a minute up to an hour, five minutes up to a day, an hour beyond.
        var bucket = length <= hour ? minute : length <= 24 * hour ? 5 * minute : hour
        let most = Int64(Self.maximumCount)
        if length / bucket >= most { bucket = (length / most / hour + 1) * hour }
        let begin = start.milliseconds - ((start.milliseconds % bucket) + bucket) % bucket
        self.start = Timestamp(milliseconds: begin)
        bucketMilliseconds = bucket
        count = Int((end.milliseconds - begin) / bucket) + 1
    }

    /// Reads the period of a request: two moments with a comma between them, or one, which means from then on.
    /// Clients write moments as milliseconds, as seconds with or without a fraction, and as RFC 3339 times.
    ///
    /// - Throws: `FGSError` `.invalidParameter`.
    public init(_ text: String, now: Timestamp) throws(FGSError) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard 1...2 ~= parts.count, let first = Self.moment(parts[0]) else { throw Self.invalid(text) }
        guard parts.count == 2 else {
            self.init(from: first, to: max(first, now))
            return
        }
        guard let second = Self.moment(parts[1]) else { throw Self.invalid(text) }
        self.init(from: first, to: second)
    }

    /// The end of the last bucket.
    public var end: Timestamp { start.advanced(byMilliseconds: bucketMilliseconds * Int64(count)) }

    /// The number of the bucket of a moment; nil outside of the period.
    public func index(of moment: Timestamp) -> Int? {
        guard moment >= start, moment < end else { return nil }
        return Int((moment.milliseconds - start.milliseconds) / bucketMilliseconds)
    }

    /// When a bucket begins.
    public func start(of index: Int) -> Timestamp {
        start.advanced(byMilliseconds: bucketMilliseconds * Int64(index))
    }

    private static func moment(_ text: Substring) -> Timestamp? {
        if let number = Double(text) {
            // No time in seconds is as large as any recent one in milliseconds.
            let milliseconds = abs(number) >= 1e11 ? number : number * 1_000
            guard abs(milliseconds) < 1e14 else { return nil }
            return Timestamp(milliseconds: Int64(milliseconds))
        }
        // A plus sign of an offset may have become a blank on its way through a URL.
        return Timestamp(text.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "+"))
    }

    private static func invalid(_ text: String) -> FGSError {
        FGSError(
            .invalidParameter,
            "the period '\(text.prefix(80))' is not valid: two times in milliseconds with a comma between them, or one"
        )
    }
}
