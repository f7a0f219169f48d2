import JSON

/// How a version's asynchronous invocations are retried, and who is told of their outcome.
public struct AsyncConfiguration: Hashable, Sendable {
    /// What `max_async_event_age_in_seconds` may be.
    public static let ageRange = 1...86_400
    /// What `max_async_retry_attempts` may be.
    public static let attemptRange = 0...3

    /// After how many seconds an event that has not run is given up.
    public let maximumAgeSeconds: Int
    /// How often a failed invocation is tried again.
    public let maximumRetries: Int
    /// Who is told of successes.
    public let onSuccess: AsyncDestination?
    /// Who is told of failures.
    public let onFailure: AsyncDestination?
    /// Whether the state of each invocation is recorded. The emulator always does.
    public let recordsStatus: Bool
    /// When it was made.
    public let createdAt: Timestamp
    /// When it was changed last.
    public let lastModified: Timestamp

    /// Reads the body of a request that sets it.
    ///
    /// - Parameter createdAt: when the configuration was first made; nil for a new one.
    /// - Throws: `FGSError` `.invalidParameter`.
    public init(_ body: JSONObject, createdAt: Timestamp?, at now: Timestamp) throws(FGSError) {
        maximumAgeSeconds =
            try Self.number("max_async_event_age_in_seconds", in: body, Self.ageRange) ?? 3_600
        maximumRetries = try Self.number("max_async_retry_attempts", in: body, Self.attemptRange) ?? 1
        let destinations = body["destination_config"]?.objectValue ?? [:]
        onSuccess = try AsyncDestination(destinations["on_success"], of: "destination_config.on_success")
        onFailure = try AsyncDestination(destinations["on_failure"], of: "destination_config.on_failure")
        recordsStatus = body["enable_async_status_log"]?.boolValue ?? false
        self.createdAt = createdAt ?? now
        lastModified = now
    }

    private static func number(
        _ key: String, in body: JSONObject, _ range: ClosedRange<Int>
    ) throws(FGSError) -> Int? {
        guard let value = body[key], !value.isNull else { return nil }
        return try value.integer(of: key, in: range, or: .invalidParameter)
    }

    /// The configuration as it is kept; `init` reads it.
    public var stored: JSONObject {
        var destinations = JSONObject()
        destinations["on_success"] = onSuccess?.json
        destinations["on_failure"] = onFailure?.json
        return [
            "max_async_event_age_in_seconds": .integer(maximumAgeSeconds),
            "max_async_retry_attempts": .integer(maximumRetries),
            "destination_config": .object(destinations),
            "enable_async_status_log": .bool(recordsStatus),
        ]
    }

    /// The configuration as it stands in function objects.
    public var attachment: JSONObject {
        var body = stored
        body["enable_async_status_log"] = nil
        body["created_time"] = .string(createdAt.rfc3339)
        body["last_modified"] = .string(lastModified.spaced)
        return body
    }

    /// The configuration as its own API shows it.
    ///
    /// - Parameter urn: the URN of the version, written out.
    public func body(of urn: FunctionURN) -> JSONObject {
        var body: JSONObject = ["func_urn": .string(urn.description)]
        for (key, value) in attachment { body[key] = value }
        body["enable_async_status_log"] = .bool(recordsStatus)
        return body
    }
}
