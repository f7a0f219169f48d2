import JSON

/// A member of `event_data` that answers show and requests need not have.
struct TriggerAnswerMember: Sendable {
    /// Its name.
    let name: String
    /// Whether requests cannot set it. Clients send back what they have read, so such a member is dropped.
    let isReadOnly: Bool
    /// Its value where a request has not set it.
    let value: @Sendable (Trigger, _ gateway: String) -> JSONValue

    /// A member that only the platform sets.
    static func readOnly(
        _ name: String,
        _ value: @escaping @Sendable (Trigger, _ gateway: String) -> JSONValue
    ) -> TriggerAnswerMember {
        TriggerAnswerMember(name: name, isReadOnly: true, value: value)
    }

    /// A member that the platform sets if the client has not.
    static func defaulted(
        _ name: String,
        _ value: @escaping @Sendable (Trigger, _ gateway: String) -> JSONValue
    ) -> TriggerAnswerMember {
        TriggerAnswerMember(name: name, isReadOnly: false, value: value)
    }
}
