import JSON

/// The queues and streams that the API reference says little about. None has codes of its own.
extension TriggerRules {
    /// ROCKETMQ: topics of a managed RocketMQ.
    static let rocketMQ = pull(
        members: [
            .required("instance_id"),
            .optional("topic_ids", .texts),
            .required("batch_size", .integer(1...1_000)),
            .optional("enable_acl", .flag),
            .optional("access_key"),
            .secret("secret_key"),
        ],
        check: requiring("access_key", "secret_key", with: "enable_acl", or: .invalidParameter),
        identity: .topics(of: "instance_id"),
        startsAs: .disabled
    )

    /// RABBITMQ: an exchange of a managed RabbitMQ. It starts as its relatives do.
    static let rabbitMQ = pull(
        members: [
            .optional("instance_id"),
            .optional("exchange_name"),
            .optional("vhost"),
            .optional("connect_address"),
            .optional("access_user"),
            .secret("access_password"),
            .optional("ssl_enable", .flag),
            .optional("batch_size", .integer(1...1_000)),
        ],
        identity: .source("instance_id", "connect_address", "vhost", "exchange_name"),
        startsAs: .disabled
    )

    /// DMS: a queue of the old message service, polled so many seconds apart.
    static let dms = pull(
        members: [
            .required("queue_id"),
            .required("consumer_group_id"),
            .required("polling_interval", .integer(1...86_400)),
        ],
        identity: .source("queue_id", "consumer_group_id"),
        startsAs: .active
    )

    /// DIS: a stream, polled so many seconds or milliseconds apart.
    static let dis = pull(
        members: [
            .optional("stream_name"),
            .optional("sharditerator_type", .choice(["TRIM_HORIZON", "LATEST"])),
            .optional("polling_interval", .integer(1...86_400_000)),
            .optional("polling_unit", .choice(["s", "ms"])),
            .optional("max_fetch_bytes", .integer(1...Int(Int32.max))),
            .optional("is_serial", .spelledFlag),
            .optional("batch_size", .integer(1...10_000)),
        ],
        identity: .source("stream_name"),
        startsAs: .active
    )
}
