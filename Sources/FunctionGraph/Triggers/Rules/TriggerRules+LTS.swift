extension TriggerRules {
    /// LTS: a stream of logs (`log_topic_id`) of a group.
    static let lts = push(
        members: [
            .required("log_group_id"),
            .required("log_topic_id"),
            .optional("log_group_name"),
            .optional("log_topic_name"),
        ],
        identity: .source("log_group_id", "log_topic_id"),
        canBeDisabled: true
    )
}
