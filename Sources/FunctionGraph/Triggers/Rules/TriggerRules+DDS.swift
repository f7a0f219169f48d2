import JSON

extension TriggerRules {
    /// DDS: changes of a collection.
    static let dds = pull(
        members: [
            .required("instance_id"),
            .required("db_name"),
            .required("collection_name"),
            .secret("db_password", isRequired: true),
            .required("batch_size", .integer(1...10_000)),
            .optional("db_user"),
            .optional("mode", .choice(["Sharding", "ReplicaSet", "Single"])),
            .optional("instance_addrs", .texts),
        ],
        check: { data throws(FGSError) in
            // The user manual excludes the databases of the server itself.
            guard !["admin", "local", "config"].contains(data.string("db_name")) else {
                throw FGSError(
                    .invalidParameter,
                    "event_data.db_name is '\(data.string("db_name"))', which belongs to the server"
                )
            }
        },
        identity: .source("instance_id", "db_name", "collection_name"),
        answers: [
            .defaulted("db_user") { _, _ in "rwuser" },
            .defaulted("mode") { _, _ in "ReplicaSet" },
            .defaulted("instance_addrs") { _, _ in [] },
        ],
        startsAs: .disabled
    )
}
