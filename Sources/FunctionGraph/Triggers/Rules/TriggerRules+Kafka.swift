import JSON

extension TriggerRules {
    /// KAFKA: topics of a managed Kafka.
    static let kafka = kafka(
        members: [.required("instance_id"), .optional("kafka_connect_address")],
        identity: .topics(of: "instance_id", or: .kafkaTriggerExists)
    )

    /// OPENSOURCEKAFKA: topics of the brokers that an address lists. The API reference does not list its members;
    /// they are those of the user manual's form.
    static let openSourceKafka = kafka(
        members: [.required("kafka_connect_address"), .optional("instance_id")],
        identity: .topics(of: "kafka_connect_address", or: .kafkaTriggerExists)
    )

    private static func kafka(members: [TriggerMember], identity: TriggerIdentity) -> TriggerRules {
        pull(
            members: members + [
                .required("topic_ids", .texts),
                .required("batch_size", .integer(1...1_000)),
                .optional("kafka_ssl_enable", .flag),
                .optional("kafka_user"),
                .secret("kafka_password"),
            ],
            check: requiring(
                "kafka_user",
                "kafka_password",
                with: "kafka_ssl_enable",
                or: .kafkaCredentialsRequired
            ),
            identity: identity,
            invalid: .invalidKafkaTrigger,
            notFound: .kafkaTriggerNotFound,
            startsAs: .disabled
        )
    }
}
