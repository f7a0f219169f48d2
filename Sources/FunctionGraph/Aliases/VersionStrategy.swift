import JSON

/// Rules by which calls go to an alias's additional version: their headers.
public struct VersionStrategy: Hashable, Sendable {
    /// How rules are combined.
    public enum Combination: String, Hashable, Sendable, CaseIterable {
        /// All must hold.
        case all = "and"
        /// One must hold.
        case any = "or"
    }

    /// How the rules are combined.
    public let combination: Combination
    /// The rules; at least one.
    public let rules: [HeaderRule]

    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        let object = try json.object(of: setting)
        guard let combination = object["combine_type"]?.stringValue.flatMap(Combination.init(rawValue:))
        else {
            throw FGSError(.invalidParameter, "\(setting).combine_type must be and or or")
        }
        self.combination = combination
        // The Go SDK models the list as one object.
        let list = object["rules"] ?? .null
        let members = list.kind == .object ? [list] : try list.array(of: "\(setting).rules")
        guard 1...100 ~= members.count else {
            throw FGSError(.invalidParameter, "\(setting).rules must have 1 to 100 rules")
        }
        var rules: [HeaderRule] = []
        for (index, member) in members.enumerated() {
            rules.append(try HeaderRule(member, of: "\(setting).rules[\(index)]"))
        }
        self.rules = rules
    }

    /// Whether a call with these headers goes to the additional version.
    ///
    /// - Parameter header: the value of a header, by its name in any letter case.
    public func matches(_ header: (String) -> String?) -> Bool {
        switch combination {
        case .all: rules.allSatisfy { $0.matches(header) }
        case .any: rules.contains { $0.matches(header) }
        }
    }

    var json: JSONValue {
        ["combine_type": .string(combination.rawValue), "rules": .array(rules.map(\.json))]
    }
}
