import JSON

/// How far a function scales.
public struct StrategyConfig: Hashable, Sendable {
    /// What `concurrency` may be.
    public static let instanceRange = -1...1_000
    /// What `concurrent_num` may be.
    public static let requestRange = 1...1_000
    /// What a new function has (user manual).
    public static let standard = StrategyConfig(maximumInstances: 400, requestsPerInstance: 1)

    /// How many instances may run at once; -1 is without limit, 0 disables the function.
    public let maximumInstances: Int
    /// How many requests one instance takes at once.
    public let requestsPerInstance: Int

    private init(maximumInstances: Int, requestsPerInstance: Int) {
        self.maximumInstances = maximumInstances
        self.requestsPerInstance = requestsPerInstance
    }

    /// Whether the function is disabled.
    public var isDisabled: Bool { maximumInstances == 0 }

    /// The same with another number of instances.
    ///
    /// - Throws: `FGSError` `.invalidConcurrency` out of -1…1000.
    public func withMaximumInstances(_ number: Int) throws(FGSError) -> StrategyConfig {
        try StrategyConfig(
            ["concurrency": .integer(number), "concurrent_num": .integer(requestsPerInstance)],
            of: "strategy_config"
        )
    }

    /// Checks that a function of the generation can have it: v1 functions can only be unlimited or disabled.
    ///
    /// - Throws: `FGSError` `.invalidConcurrency`.
    func check(for generation: FunctionGeneration) throws(FGSError) {
        if generation == .v1, self != .standard, maximumInstances > 0 {
            throw FGSError(
                .invalidConcurrency,
                "strategy_config.concurrency of a v1 function can only be -1 (unlimited) or 0 (disabled)"
            )
        }
    }
}

extension StrategyConfig: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        let object = try json.object(of: setting)
        maximumInstances = try (object["concurrency"] ?? .null)
            .integer(of: "\(setting).concurrency", in: Self.instanceRange, or: .invalidConcurrency)
        requestsPerInstance = try (object["concurrent_num"] ?? .null)
            .integer(of: "\(setting).concurrent_num", in: Self.requestRange, or: .invalidConcurrency)
    }

    var json: JSONValue {
        ["concurrency": .integer(maximumInstances), "concurrent_num": .integer(requestsPerInstance)]
    }
}
