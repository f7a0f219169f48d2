import FunctionGraph
import JSON

/// What clients send, once for each type of trigger.
enum TriggerSamples {
    static func data(_ type: TriggerType) -> JSONObject {
        switch type {
        case .timer:
            [
                "name": "nightly", "schedule_type": "Rate", "schedule": "3m",
                "user_event": "{\"mode\": \"full\"}",
            ]
        case .apig: gateway
        case .dedicatedGateway: JSONObject(Array(gateway) + [("instance_id", "gateway-1")])
        case .cts: ["name": "servers", "operations": ["ECS:ecs;volume:createServer;deleteServer"]]
        case .dds:
            [
                "instance_id": "dds-1", "db_name": "shop", "collection_name": "stock",
                "db_password": "Pa55word",
                "batch_size": 50,
            ]
        case .dms: ["queue_id": "queue-1", "consumer_group_id": "group-1", "polling_interval": 30]
        case .lts: ["log_group_id": "logs-1", "log_topic_id": "stream-1"]
        case .kafka:
            [
                "instance_id": "kafka-1", "topic_ids": ["orders"], "batch_size": 100,
                "kafka_password": "Pa55word",
            ]
        case .openSourceKafka:
            ["kafka_connect_address": "192.0.2.1:9092", "topic_ids": ["orders"], "batch_size": 100]
        case .obs:
            ["bucket": "photos-in", "events": ["s3:ObjectCreated:*"], "prefix": "raw/", "suffix": ".png"]
        case .smn: ["topic_urn": "urn:smn:eu-de:9f8e7d6c:alerts"]
        case .rocketMQ: ["instance_id": "rocket-1", "topic_ids": ["orders"], "batch_size": 20]
        case .dis: ["stream_name": "clicks", "sharditerator_type": "LATEST", "is_serial": "true"]
        case .rabbitMQ: ["instance_id": "rabbit-1", "exchange_name": "orders", "access_password": "Pa55word"]
        }
    }

    private static let gateway: JSONObject = [
        "name": "shop", "type": 1, "path": "/shop/orders", "protocol": "HTTPS", "req_method": "GET",
        "group_id": "group-1", "match_mode": "SWA", "env_name": "RELEASE",
        "env_id": "DEFAULT_ENVIRONMENT_RELEASE_ID", "auth": "NONE",
        "func_info": ["timeout": 5000, "invocation_type": "sync"],
    ]

    /// A member's value replaced; nil removes it.
    static func data(_ type: TriggerType, _ member: String, _ value: JSONValue?) -> JSONObject {
        var data = data(type)
        data[member] = value
        return data
    }

    static let created = Timestamp(seconds: 1_742_205_900)
    static let modified = Timestamp(seconds: 1_742_206_000)

    static func trigger(
        _ type: TriggerType,
        _ changes: JSONObject = [:],
        id: UInt64 = 1,
        binding: TriggerBinding = .version(.latest)
    ) throws -> Trigger {
        var data = data(type)
        for (name, value) in changes { data[name] = value }
        return Trigger(
            id: Identifier(random: 0, id),
            binding: binding,
            status: type.defaultStatus,
            data: try TriggerEventData(.object(data), for: type),
            created: created,
            modified: created
        )
    }

    static func create(_ body: JSONObject, runtime: RuntimeLabel = .python39) throws(FGSError) -> Trigger {
        try Trigger(
            creating: body,
            id: Identifier(random: 0, 1),
            binding: .version(.latest),
            runtime: runtime,
            at: created
        )
    }
}
