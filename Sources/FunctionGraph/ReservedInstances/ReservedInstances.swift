import JSON

/// How many instances of a version or an alias are kept running.
public struct ReservedInstances: Hashable, Sendable {
    /// How many there may be (user manual).
    public static let range = 0...1_000
    /// How many all functions of an account may have together (user manual).
    public static let accountQuota = 90

    /// Whose they are; the qualifier is a version or an alias.
    public let urn: FunctionURN
    /// How many; with tactics, how many at least.
    public let count: Int
    /// Whether they are kept idle.
    public let isIdle: Bool
    /// When there are to be more.
    public let tactics: ReservedTactics

    /// Takes a policy that was made before.
    public init(urn: FunctionURN, count: Int, isIdle: Bool, tactics: ReservedTactics) {
        self.urn = urn
        self.count = count
        self.isIdle = isIdle
        self.tactics = tactics
    }

    /// Reads the body of a request that sets them.
    ///
    /// - Throws: `FGSError` `.invalidParameter`.
    public init(_ body: JSONObject, of urn: FunctionURN) throws(FGSError) {
        count = try (body["count"] ?? .null).integer(of: "count", in: Self.range, or: .invalidParameter)
        isIdle =
            try body["idle_mode"].flatMap { $0.isNull ? nil : $0 }.map { value throws(FGSError) in
                try Bool(value, of: "idle_mode")
            } ?? false
        tactics = try ReservedTactics(body["tactics_config"] ?? .null)
        try tactics.check(base: count)
        self.urn = urn.qualifier == .unspecified ? urn.qualified(.latest) : urn
    }

    /// The answer to a request that sets them.
    public var confirmation: JSONObject {
        ["count": .integer(count), "idle_mode": .bool(isIdle), "tactics_config": tactics.json]
    }

    /// The policy as lists show it, with every member that one of the clients looks for.
    public var policy: JSONObject {
        let (type, name) =
            switch urn.qualifier {
            case .alias(let alias): ("alias", alias.description)
            case .version(let version): ("version", version.description)
            case .unspecified: ("version", VersionName.latest.description)
            }
        return [
            "function_urn": .string(urn.description), "func_urn": .string(urn.description),
            "qualifier_type": .string(type), "qualifier_name": .string(name),
            "min_count": .integer(count), "count": .integer(count), "idle_mode": .bool(isIdle),
            "tactics_config": tactics.json,
        ]
    }

    /// The number as lists show it.
    public var number: JSONObject { ["func_urn": .string(urn.description), "count": .integer(count)] }

    /// Whether nothing is ever kept.
    public var isEmpty: Bool { count == 0 && tactics.configs.isEmpty }
}
