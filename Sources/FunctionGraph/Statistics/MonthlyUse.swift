import JSON

/// What a project used in one month.
public struct MonthlyUse: Hashable, Sendable {
    /// The month, as `2025-03`.
    public let month: String
    /// Invocations.
    public let count: Int
    /// Memory times billed time, in GB seconds.
    public let gigabyteSeconds: Double

    /// Names what was used.
    public init(month: String, count: Int, gigabyteSeconds: Double) {
        self.month = month
        self.count = count
        self.gigabyteSeconds = gigabyteSeconds
    }

    /// The number of invocations as answers show it.
    public var countItem: JSONValue { ["date": .string(month), "value": .integer(count)] }

    /// The memory as answers show it.
    public var memoryItem: JSONValue {
        ["date": .string(month), "value": .number(JSONNumber(gigabyteSeconds) ?? JSONNumber(0))]
    }
}
