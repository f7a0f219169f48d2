import JSON

/// What makes two triggers of a type get into each other's way. Such triggers have the same key, so that they can
/// be looked up; whether those with the same key really do is another question.
struct TriggerIdentity: Sendable {
    /// Among which triggers no two may conflict.
    let scope: ConflictScope
    /// The code if they do.
    let code: ErrorCode
    /// The part of `event_data` that conflicting triggers have in common.
    let key: @Sendable (JSONObject) -> [String]
    /// What is wrong with having both of two triggers whose keys are the same; nil if nothing is.
    let conflict: @Sendable (JSONObject, JSONObject) -> FGSError?

    /// No two triggers of a function may have the same name.
    static func name(_ code: ErrorCode) -> TriggerIdentity {
        members(["name"], within: .function, code)
    }

    /// No two triggers of a version or an alias may have the same source, as some members name it: each event
    /// would arrive twice.
    static func source(_ members: String..., or code: ErrorCode = .conflict) -> TriggerIdentity {
        self.members(members, within: .binding, code)
    }

    /// As for a source, which here has topics: no two triggers may have one in common.
    static func topics(of broker: String, or code: ErrorCode = .conflict) -> TriggerIdentity {
        TriggerIdentity(scope: .binding, code: code, key: { [$0.string(broker)] }) { one, other in
            let taken = Set(other.strings("topic_ids"))
            guard let topic = one.strings("topic_ids").first(where: taken.contains) else { return nil }
            return FGSError(
                code,
                "a trigger for the topic '\(topic)' of \(one.string(broker)) exists already"
            )
        }
    }

    private static func members(
        _ names: [String],
        within scope: ConflictScope,
        _ code: ErrorCode
    ) -> TriggerIdentity {
        TriggerIdentity(scope: scope, code: code, key: { data in names.map(data.string) }) { data, _ in
            // Where all of them are optional, they may say nothing.
            let given = names.filter { !data.string($0).isEmpty }
            guard !given.isEmpty else { return nil }
            let values = given.map { "\($0) '\(data.string($0))'" }.joined(separator: " and ")
            return FGSError(code, "a trigger with \(values) exists already")
        }
    }
}

extension JSONObject {
    /// A member's string; empty if there is none.
    func string(_ key: String) -> String { self[key]?.stringValue ?? "" }

    /// The strings of a member that is an array.
    func strings(_ key: String) -> [String] { self[key]?.arrayValue?.compactMap(\.stringValue) ?? [] }
}
