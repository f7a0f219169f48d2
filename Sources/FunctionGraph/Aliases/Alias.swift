import JSON

/// A name for a version that can be moved to another one, and can send part of the calls to a second version.
public struct Alias: Hashable, Sendable {
    /// How many a function may have (user manual, FSS.1043).
    public static let maximumCount = 10

    /// The name.
    public let name: AliasName
    /// The version that gets the calls.
    public let version: VersionName
    /// What it is for.
    public let description: Description?
    /// The second version, and which calls go to it.
    public let additional: AdditionalVersion?
    /// When it was changed last.
    public let lastModified: Timestamp

    /// Puts an alias together.
    public init(
        name: AliasName, version: VersionName, description: Description?, additional: AdditionalVersion?,
        lastModified: Timestamp
    ) {
        self.name = name
        self.version = version
        self.description = description
        self.additional = additional
        self.lastModified = lastModified
    }

    /// Reads the body of a request that creates an alias.
    ///
    /// - Throws: `FGSError` `.invalidAlias`, `.invalidVersion`, and what `AdditionalVersion` throws.
    public init(creating body: JSONObject, at now: Timestamp) throws(FGSError) {
        try self.init(AliasName(body.required("name", or: .invalidAlias)), body, keeping: nil, at: now)
    }

    /// The alias after a request that changes it. A description that is not named stays; what sends calls to a
    /// second version has to be named each time.
    ///
    /// - Throws: As `init(creating:at:)`.
    public func updated(_ body: JSONObject, at now: Timestamp) throws(FGSError) -> Alias {
        try Alias(name, body, keeping: description, at: now)
    }

    private init(
        _ name: AliasName, _ body: JSONObject, keeping description: Description?, at now: Timestamp
    ) throws(FGSError) {
        let version = try VersionName(body.required("version", or: .invalidVersion))
        var description = description
        if let text = body["description"], !text.isNull {
            description = text.isEmpty ? nil : try Description(text, of: "description")
        }
        self.init(
            name: name, version: version, description: description,
            additional: try AdditionalVersion(body, beside: version), lastModified: now)
    }

    /// The alias as answers show it. The strategy is left out when there is none: the Go SDK cannot read an empty
    /// one.
    ///
    /// - Parameter function: the URN of the function; its version does not matter.
    public func body(of function: FunctionURN) -> JSONObject {
        var body: JSONObject = [
            "name": .string(name.description),
            "version": .string(version.description),
            "description": .string(description?.description ?? ""),
            "last_modified": .string(lastModified.rfc3339),
            "alias_urn": .string(function.qualified(.alias(name)).description),
            "additional_version_weights": [:],
        ]
        for (key, value) in additional?.members ?? [:] { body[key] = value }
        return body
    }
}
