import JSON

/// Where a trigger's events come from: `event_data`, one object whose members depend on the type. The known ones
/// are right; unknown ones are kept, and all stay as they were sent.
public struct TriggerEventData: Hashable, Sendable {
    /// The type.
    public let type: TriggerType
    /// The members, as they are kept.
    public let object: JSONObject

    /// Reads `event_data` of a request that creates a trigger. A `null` counts as not given.
    ///
    /// - Throws: `FGSError` for the first member that is missing or wrong, with the code of the type (FSS.1102,
    ///   1106, 1107, 1109, 1112, 1417 or 0400) or a narrower one (FSS.1113, 1312 to 1314, 1316, 1317).
    public init(_ json: JSONValue?, for type: TriggerType) throws(FGSError) {
        guard let json, !json.isNull else { throw FGSError(type.rules.invalidCode, "event_data is required") }
        let sent = try json.object(of: "event_data", or: type.rules.invalidCode)
        try self.init(checking: Self.writable(sent, of: type).filter { !$1.isNull }, for: type)
    }

    /// Takes what was `object` of another one. It is not checked again: a trigger that was accepted once stays.
    public init(stored object: JSONObject, for type: TriggerType) {
        self.type = type
        self.object = object
    }

    private init(checking object: some Sequence<(String, JSONValue)>, for type: TriggerType) throws(FGSError)
    {
        let object = JSONObject(object)
        for member in type.rules.members {
            try member.check(in: object, of: "event_data", or: type.rules.invalidCode)
        }
        try type.rules.check?(object)
        self.init(stored: object, for: type)
    }

    /// A member; nil if there is none.
    public subscript(name: String) -> JSONValue? { object[name] }

    /// The data after a request that changes it. The API reference has the changes as an array of objects, the Go
    /// SDK sends one object; members replace those of the same name, and `null` removes one.
    ///
    /// - Throws: `FGSError`, as for new data, if the result would be wrong, and for another value of what cannot be
    ///   changed (the bucket).
    public func merging(_ json: JSONValue) throws(FGSError) -> TriggerEventData {
        let code = type.rules.invalidCode
        var merged = object
        for change in json.arrayValue ?? [json] {
            for (name, value) in Self.writable(try change.object(of: "event_data", or: code), of: type) {
                merged[name] = value.isNull ? nil : value
            }
        }
        for member in type.rules.members where member.isFixed && merged[member.name] != object[member.name] {
            throw FGSError(
                code,
                "event_data.\(member.name) cannot be changed; create another trigger instead"
            )
        }
        return try TriggerEventData(checking: merged, for: type)
    }

    /// The members with passwords and keys blotted out: what logs may show.
    public var redacted: JSONObject {
        var redacted = object
        for member in type.rules.members where member.isSecret && object[member.name] != nil {
            redacted[member.name] = "***"
        }
        return redacted
    }

    /// What a request may set: clients also send back what they have read.
    private static func writable(_ object: JSONObject, of type: TriggerType) -> JSONObject {
        var writable = object
        for member in type.rules.answers where member.isReadOnly { writable[member.name] = nil }
        return writable
    }
}
