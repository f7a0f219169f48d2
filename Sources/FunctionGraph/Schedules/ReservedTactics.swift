import JSON

/// The rules by which the number of a function's reserved instances changes with time (`tactics_config` of the
/// operation that sets the number).
///
/// What holds is a matter of the time alone, so that an emulator that was stopped meanwhile goes on with the right
/// number: of the rules that are valid, the one whose cron expression fired last is in force, even if it fired
/// before the rules were set. Two that fired in the same second count in the order of the list; the later one
/// wins. When the rule in force expires, the one that fired before it is in force again if it is still valid, and
/// otherwise the base count holds.
public struct ReservedTactics: Hashable, Sendable {
    /// No rules, as answers show them.
    public static let none = ReservedTactics(configs: [], json: ["cron_configs": []])

    /// The rules, in order.
    public let configs: [CronConfig]
    /// The value as it was sent, for storage and answers.
    public let json: JSONValue

    /// Reads `tactics_config`. The Go SDK sends `null` for what it does not set: here, for the list and for members
    /// of a rule.
    ///
    /// - Parameter setting: the setting's key, for the text of the error.
    /// - Throws: `FGSError` `.invalidParameter` for the first fault.
    public init(_ json: JSONValue, of setting: String = "tactics_config") throws(FGSError) {
        guard !json.isNull else {
            self = .none
            return
        }
        let list = try json.object(of: setting)["cron_configs"] ?? .null
        let members = list.isNull ? [] : try list.array(of: "\(setting).cron_configs")
        var configs: [CronConfig] = []
        for (index, member) in members.enumerated() {
            configs.append(try CronConfig(member, of: "\(setting).cron_configs[\(index)]"))
        }
        self.init(configs: configs, json: json)
    }

    private init(configs: [CronConfig], json: JSONValue) {
        self.configs = configs
        self.json = json
    }

    /// Checks that no rule wants fewer instances than there always are (user manual).
    ///
    /// - Parameter base: the policy's own `count`.
    /// - Throws: `FGSError` `.invalidParameter` for the first rule that does.
    public func check(base: Int) throws(FGSError) {
        for (index, config) in configs.enumerated() where config.count < base {
            throw FGSError(
                .invalidParameter,
                "tactics_config.cron_configs[\(index)].count is \(config.count); it must be at least count, "
                    + "which is \(base)"
            )
        }
    }

    /// How many reserved instances are wanted at a moment.
    ///
    /// - Parameter base: how many while no rule is in force.
    public func count(at time: Timestamp, base: Int) -> Int {
        indexInForce(at: time).map { configs[$0].count } ?? base
    }

    /// The first moment after `time` at which another number may be wanted: a rule other than the one in force
    /// fires, or that one expires. Its own fires change nothing, so a rule that fires every second wakes nobody.
    ///
    /// - Returns: nil if there is none; see `CronExpression.next(after:)`.
    public func nextChange(after time: Timestamp) -> Timestamp? {
        let inForce = indexInForce(at: time)
        return configs.enumerated()
            .compactMap { $0 == inForce ? $1.expiry : $1.nextFire(after: time) }
            .min()
    }

    private func indexInForce(at time: Timestamp) -> Int? {
        configs.enumerated()
            .compactMap { index, config in config.fire(inForceAt: time).map { (fire: $0, index: index) } }
            .max { $0 < $1 }?
            .index
    }
}

extension ReservedTactics: SettingValue {}
