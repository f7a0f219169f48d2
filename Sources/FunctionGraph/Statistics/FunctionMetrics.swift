import JSON

/// The figures of a period as answers show them: ten lists with one value per bucket.
public struct FunctionMetrics: Sendable {
    private let period: StatisticsPeriod
    private let buckets: [MetricsBucket]

    /// The figures of a period.
    ///
    /// - Parameter minutes: What happened, by the minute it happened in.
    public init(_ minutes: [(minute: Timestamp, bucket: MetricsBucket)], in period: StatisticsPeriod) {
        var buckets = [MetricsBucket](repeating: MetricsBucket(), count: period.count)
        for (minute, bucket) in minutes {
            if let index = period.index(of: minute) { buckets[index].merge(bucket) }
        }
        self.period = period
        self.buckets = buckets
    }

    /// API reference, "FunctionMetrics". Where nothing ran, there is no duration, which is written as -1; what is
    /// counted is 0.
    private static let members: [(key: String, value: @Sendable (MetricsBucket) -> JSONValue)] = [
        ("count", { .integer($0.count) }),
        ("duration", { duration($0) { Double($0.totalMicroseconds) / Double($0.runs) } }),
        ("fail_count", { .integer($0.functionErrors + $0.systemErrors) }),
        ("max_duration", { duration($0) { Double($0.maximumMicroseconds) } }),
        ("min_duration", { duration($0) { Double($0.minimumMicroseconds) } }),
        ("reject_count", { .integer($0.rejects) }),
        ("function_error_count", { .integer($0.functionErrors) }),
        ("system_error_count", { .integer($0.systemErrors) }),
        ("reserved_instance_num", { .integer($0.reservedInstances) }),
        ("concurrency_num", { .integer($0.concurrency) }),
    ]

    /// The lists.
    public var body: JSONObject {
        JSONObject(
            Self.members.map { member in
                let values = buckets.indices.map { index -> JSONValue in
                    [
                        "timestamp": .integer(period.start(of: index).milliseconds),
                        "value": member.value(buckets[index]),
                    ]
                }
                return (member.key, .array(values))
            })
    }

    /// A duration in milliseconds, from one in microseconds.
    private static func duration(
        _ bucket: MetricsBucket, _ microseconds: (MetricsBucket) -> Double
    ) -> JSONValue {
        guard bucket.runs > 0 else { return -1 }
        return .number(JSONNumber(microseconds(bucket).rounded() / 1_000) ?? JSONNumber(0))
    }
}
