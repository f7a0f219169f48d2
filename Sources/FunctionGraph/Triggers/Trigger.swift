import JSON

/// What makes a version of a function run by itself.
public struct Trigger: Hashable, Sendable {
    /// Its id.
    public let id: Identifier
    /// What it invokes.
    public let binding: TriggerBinding
    /// Whether it fires.
    public let status: TriggerStatus
    /// Where its events come from.
    public let data: TriggerEventData
    /// When it was created.
    public let created: Timestamp
    /// When it was changed last.
    public let modified: Timestamp

    /// Puts a trigger together.
    public init(
        id: Identifier,
        binding: TriggerBinding,
        status: TriggerStatus,
        data: TriggerEventData,
        created: Timestamp,
        modified: Timestamp
    ) {
        self.id = id
        self.binding = binding
        self.status = status
        self.data = data
        self.created = created
        self.modified = modified
    }

    /// Reads the body of a request that creates a trigger. Unknown members are ignored.
    ///
    /// - Parameters:
    ///   - binding: the version or the alias of the request's URN.
    ///   - runtime: the function's.
    /// - Throws: `FGSError` for a type that does not exist or is not for this runtime, a status that does not
    ///   exist or that the type cannot have, and wrong `event_data`.
    public init(
        creating body: JSONObject,
        id: Identifier,
        binding: TriggerBinding,
        runtime: RuntimeLabel,
        at time: Timestamp
    ) throws(FGSError) {
        let type = try TriggerType(body["trigger_type_code"])
        try type.check(for: runtime)
        self.init(
            id: id,
            binding: binding,
            status: try TriggerStatus(body["trigger_status"], for: type) ?? type.defaultStatus,
            data: try TriggerEventData(body["event_data"], for: type),
            created: time,
            modified: time
        )
    }

    /// Its type.
    public var type: TriggerType { data.type }

    /// The trigger after a request that changes it. What the body does not name stays.
    ///
    /// - Throws: `FGSError` for a status that does not exist or that the type cannot have, and for `event_data`
    ///   that would be wrong.
    public func merging(_ body: JSONObject, at time: Timestamp) throws(FGSError) -> Trigger {
        let status = try TriggerStatus(body["trigger_status"], for: type) ?? status
        let changes = body["event_data"] ?? .null
        let data = changes.isEmpty ? data : try data.merging(changes)
        guard status != self.status || data != self.data else { return self }
        return Trigger(id: id, binding: binding, status: status, data: data, created: created, modified: time)
    }

    // MARK: Conflicts

    /// What this trigger has in common with every trigger that it could conflict with.
    public var conflictKey: String {
        // As a JSON text, in which no two lists of strings look the same.
        let family = type.isGateway ? TriggerType.apig : type
        return JSONValue.array(
            ([family.rawValue] + type.rules.identity.key(data.object)).map(JSONValue.string)
        ).text
    }

    /// Among which triggers those have to be looked for.
    public var conflictScope: ConflictScope { type.rules.identity.scope }

    /// Why this trigger cannot be there beside another one.
    ///
    /// - Parameter other: a trigger within `conflictScope`. This one itself, before a change, does not count.
    /// - Returns: nil if it can; otherwise FSS.1108, 1141, 1145, 1147, 1148, 1150, 1307 or 0409.
    public func conflicts(with other: Trigger) -> FGSError? {
        guard id != other.id, conflictKey == other.conflictKey,
            conflictScope != .binding || binding == other.binding
        else { return nil }
        return type.rules.identity.conflict(data.object, other.data.object)
    }

    // MARK: Answers

    /// The id of the gateway's API that leads to the function.
    public var apiID: String { id.description.filter { $0 != "-" } }

    /// The trigger as answers show it (API reference, "Trigger object").
    ///
    /// - Parameter gateway: the URL below which the gateway's APIs can be called, without a slash at the end: an
    ///   API's URL is that, its group and its path.
    public func body(gateway: String) -> JSONObject {
        var shown = data.object
        for member in type.rules.answers where shown[member.name] == nil {
            shown[member.name] = member.value(self, gateway)
        }
        return [
            "trigger_id": .string(id.description),
            "trigger_type_code": .string(type.rawValue),
            "trigger_status": .string(status.rawValue),
            "event_data": .object(shown),
            "last_updated_time": .string(modified.rfc3339),
            "created_time": .string(created.rfc3339),
        ]
    }
}
