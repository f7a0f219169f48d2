extension TriggerRules {
    /// SMN: a topic.
    static let smn = push(
        members: [.required("topic_urn", .text(maximumLength: 255))],
        identity: .source("topic_urn", or: .smnTriggerExists),
        answers: [.readOnly("subscription_status") { _, _ in "Confirmed" }],
        invalid: .invalidSMNTrigger,
        notFound: .smnTriggerNotFound
    )
}
