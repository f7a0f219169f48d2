import JSON

/// The second version of an alias: which one it is, and which calls go to it.
public struct AdditionalVersion: Hashable, Sendable {
    /// The version; never `latest`.
    public let version: VersionName
    /// How many of a hundred calls go to it, if calls are shared by weight.
    public let weight: Int?
    /// Which calls go to it by their headers, if there are rules.
    public let strategy: VersionStrategy?

    /// Reads `additional_version_weights` and `additional_version_strategy` of a request.
    ///
    /// - Parameter main: the alias's main version.
    /// - Returns: nil when there is neither.
    /// - Throws: `FGSError` `.invalidAdditionalVersion` for more than one version and for `latest`,
    ///   `.additionalVersionEqualsMain`, `.invalidAdditionalWeight` out of 0…100, `.invalidParameter` for rules
    ///   that cannot be read.
    init?(_ body: JSONObject, beside main: VersionName) throws(FGSError) {
        let weights = try Self.entry("additional_version_weights", in: body)
        let strategies = try Self.entry("additional_version_strategy", in: body)
        guard let name = weights?.version ?? strategies?.version else { return nil }
        guard weights == nil || strategies == nil || weights?.version == strategies?.version else {
            throw FGSError(
                .invalidAdditionalVersion,
                "additional_version_weights and additional_version_strategy name different versions; an alias can "
                    + "have one additional version")
        }
        guard let version = try? VersionName(name), !version.isLatest else {
            throw FGSError(
                .invalidAdditionalVersion,
                "the additional version '\(name.prefix(80))' must be a published version")
        }
        guard version != main else { throw FGSError(.additionalVersionEqualsMain) }
        self.version = version
        weight = try weights.map { entry throws(FGSError) in
            try entry.value.integer(
                of: "additional_version_weights.\(name)", in: 0...100, or: .invalidAdditionalWeight)
        }
        strategy = try strategies.map { entry throws(FGSError) in
            try VersionStrategy(entry.value, of: "additional_version_strategy.\(name)")
        }
    }

    /// The members that answers and storage have.
    public var members: JSONObject {
        var members = JSONObject()
        if let weight { members["additional_version_weights"] = [version.description: .integer(weight)] }
        if let strategy { members["additional_version_strategy"] = [version.description: strategy.json] }
        return members
    }

    private static func entry(
        _ key: String, in body: JSONObject
    ) throws(FGSError) -> (version: String, value: JSONValue)? {
        guard let member = body[key], !member.isEmpty else { return nil }
        let entries = try member.object(of: key)
        guard entries.count == 1, let version = entries.keys.first, let value = entries.values.first else {
            throw FGSError(
                .invalidAdditionalVersion, "\(key) names \(entries.count) versions; one is allowed")
        }
        return (version, value)
    }
}
