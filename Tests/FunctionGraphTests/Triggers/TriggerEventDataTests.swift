import FunctionGraph
import JSON
import Testing

struct TriggerEventDataTests {
    /// A change of a sample that makes it wrong, and the code of the answer.
    struct Fault: CustomTestStringConvertible {
        let type: TriggerType
        let member: String
        let value: JSONValue?
        let code: String

        init(_ type: TriggerType, _ member: String, _ value: JSONValue?, _ code: String) {
            self.type = type
            self.member = member
            self.value = value
            self.code = code
        }

        var testDescription: String { "\(type.rawValue) \(member) = \(value?.text.prefix(40) ?? "missing")" }
    }

    /// The members that a type cannot be without.
    static let required: [TriggerType: [String]] = [
        .timer: ["name", "schedule_type", "schedule"],
        .apig: [
            "name", "type", "path", "protocol", "req_method", "group_id", "match_mode", "env_name", "env_id",
            "auth", "func_info",
        ],
        .dedicatedGateway: ["instance_id", "path", "func_info"],
        .dds: ["instance_id", "db_name", "collection_name", "db_password", "batch_size"],
        .dms: ["queue_id", "consumer_group_id", "polling_interval"],
        .lts: ["log_group_id", "log_topic_id"],
        .kafka: ["instance_id", "topic_ids", "batch_size"],
        .openSourceKafka: ["kafka_connect_address", "topic_ids", "batch_size"],
        .obs: ["bucket", "events"],
        .smn: ["topic_urn"],
        .rocketMQ: ["instance_id", "batch_size"],
    ]

    /// The code for wrong members, of the types that have one of their own.
    static let codes: [TriggerType: String] = [
        .timer: "FSS.1109", .apig: "FSS.1107", .dedicatedGateway: "FSS.1417", .obs: "FSS.1106",
        .smn: "FSS.1102",
        .kafka: "FSS.1112", .openSourceKafka: "FSS.1112",
    ]

    static let missing: [Fault] = required.flatMap { type, members in
        members.flatMap { member in
            [nil, .null, ""].map { Fault(type, member, $0, codes[type] ?? "FSS.0400") }
        }
    }

    static let wrong: [Fault] = [
        Fault(.timer, "name", 7, "FSS.1109"),
        Fault(.timer, "schedule_type", "rate", "FSS.1109"),
        Fault(.timer, "schedule_type", "RATE", "FSS.1109"),
        Fault(.timer, "schedule", 3, "FSS.1109"),
        Fault(.timer, "user_event", ["mode": "full"], "FSS.1109"),
        Fault(.timer, "name", .string(String(repeating: "n", count: 65)), "FSS.1317"),
        Fault(.apig, "type", 3, "FSS.1107"),
        Fault(.apig, "type", "1", "FSS.1107"),
        Fault(.apig, "protocol", "FTP", "FSS.1107"),
        Fault(.apig, "req_method", "TRACE", "FSS.1107"),
        Fault(.apig, "match_mode", "PREFIX", "FSS.1107"),
        Fault(.apig, "auth", "none", "FSS.1107"),
        Fault(.apig, "func_info", "urn:fss:eu-de:p:function:default:shop", "FSS.1107"),
        Fault(.apig, "func_info", ["invocation_type": "sync"], "FSS.1107"),
        Fault(.apig, "func_info", ["timeout": 0], "FSS.1107"),
        Fault(.apig, "func_info", ["timeout": 60_001], "FSS.1107"),
        Fault(.apig, "func_info", ["timeout": 5_000, "invocation_type": "later"], "FSS.1107"),
        Fault(.apig, "sl_domain", .string(String(repeating: "d", count: 256)), "FSS.1107"),
        Fault(.apig, "backend_type", "HTTP", "FSS.1107"),
        Fault(.cts, "name", nil, "FSS.1312"),
        Fault(.cts, "name", "", "FSS.1312"),
        Fault(.cts, "name", .string(String(repeating: "n", count: 65)), "FSS.1317"),
        Fault(.cts, "operations", nil, "FSS.1314"),
        Fault(.cts, "operations", [], "FSS.1314"),
        Fault(.cts, "operations", "ECS:ecs:createServer", "FSS.0400"),
        Fault(.cts, "operations", ["ECS"], "FSS.0400"),
        Fault(.cts, "operations", ["ECS::createServer"], "FSS.0400"),
        Fault(.cts, "operations", ["ECS:ecs:create", "ECS:ecs:delete"], "FSS.1316"),
        Fault(.cts, "operations", .array((0...100).map { "ECS:r\($0):create" }), "FSS.1313"),
        Fault(.cts, "operations", .array(Array(repeating: "ECS:ecs:create", count: 101)), "FSS.1313"),
        Fault(.dds, "db_name", "admin", "FSS.0400"),
        Fault(.dds, "db_name", "local", "FSS.0400"),
        Fault(.dds, "db_name", "config", "FSS.0400"),
        Fault(.dds, "batch_size", 0, "FSS.0400"),
        Fault(.dds, "batch_size", 10_001, "FSS.0400"),
        Fault(.dms, "polling_interval", "30", "FSS.0400"),
        Fault(.lts, "log_group_id", 5, "FSS.0400"),
        Fault(.kafka, "topic_ids", "orders", "FSS.1112"),
        Fault(.kafka, "topic_ids", [""], "FSS.1112"),
        Fault(.kafka, "topic_ids", [1], "FSS.1112"),
        Fault(.kafka, "batch_size", 1_001, "FSS.1112"),
        Fault(.kafka, "batch_size", 1.5, "FSS.1112"),
        Fault(.kafka, "kafka_ssl_enable", "true", "FSS.1112"),
        Fault(.kafka, "kafka_ssl_enable", true, "FSS.1113"),
        Fault(.openSourceKafka, "kafka_ssl_enable", true, "FSS.1113"),
        Fault(.rocketMQ, "enable_acl", true, "FSS.0400"),
        Fault(.obs, "bucket", .string(String(repeating: "b", count: 65)), "FSS.1106"),
        Fault(.obs, "events", "s3:ObjectCreated:*", "FSS.1106"),
        Fault(.obs, "events", ["s3:ObjectRestored:*"], "FSS.1106"),
        Fault(.obs, "events", ["s3:ObjectCreated:Delete"], "FSS.1106"),
        Fault(.obs, "prefix", .string(String(repeating: "p", count: 1_025)), "FSS.1106"),
        Fault(.smn, "topic_urn", .string(String(repeating: "u", count: 256)), "FSS.1102"),
        Fault(.dis, "sharditerator_type", "OLDEST", "FSS.0400"),
        Fault(.dis, "is_serial", "yes", "FSS.0400"),
        Fault(.rabbitMQ, "batch_size", 0, "FSS.0400"),
    ]

    @Test("what a type needs and is not there is refused with the type's code", arguments: missing)
    func missingMember(_ fault: Fault) {
        let data = JSONValue.object(TriggerSamples.data(fault.type, fault.member, fault.value))
        let error = #expect(throws: FGSError.self) { try TriggerEventData(data, for: fault.type) }
        #expect(error?.code.code == fault.code)
        #expect(error?.message == "event_data.\(fault.member) is required")
    }

    @Test("a wrong member is refused with its code, and the text names it", arguments: wrong)
    func wrongMember(_ fault: Fault) throws {
        let data = JSONValue.object(TriggerSamples.data(fault.type, fault.member, fault.value))
        let error = try #require(throws: FGSError.self) { try TriggerEventData(data, for: fault.type) }
        #expect(error.code.code == fault.code)
        #expect(error.message.contains("event_data."))
    }

    @Test(
        "event data that is missing or no object is refused",
        arguments: [nil, .null, "3m", ["name"]] as [JSONValue?]
    )
    func noObject(_ json: JSONValue?) {
        for type in TriggerType.allCases {
            let error = #expect(throws: FGSError.self) { try TriggerEventData(json, for: type) }
            #expect(error?.code.code == Self.codes[type] ?? "FSS.0400")
        }
    }

    @Test(
        "every type takes what clients send for it, and keeps it as it was",
        arguments: TriggerType.allCases
    )
    func accepted(_ type: TriggerType) throws {
        let sent = TriggerSamples.data(type)
        #expect(
            try JSONValue.object(TriggerEventData(.object(sent), for: type).object).text
                == JSONValue.object(sent).text
        )
    }

    @Test("unknown members are kept with their order and the text of their numbers")
    func unknownMembers() throws {
        let text = #"{"zeta":1.10,"topic_urn":"urn:smn:a","alpha":{"deep":[1e2,null]}}"#
        let data = try TriggerEventData(try JSONValue(parsing: text), for: .smn)
        #expect(JSONValue.object(data.object).text == text)
    }

    @Test("members that only answers have, and null ones, are not kept")
    func droppedMembers() throws {
        var sent = TriggerSamples.data(.apig)
        for member in ["triggerid", "api_id", "api_name", "invoke_url", "roma_app_id"] {
            sent[member] = "stale"
        }
        sent["sl_domain"] = .null
        #expect(try TriggerEventData(.object(sent), for: .apig).object == TriggerSamples.data(.apig))
    }

    @Test(
        "names of bucket events are known with and without s3: and their group",
        arguments: [
            "s3:ObjectRemoved:*", "ObjectRemoved:Delete", "ObjectRemoved", "Delete",
            "s3:ObjectRemoved:Delete",
        ]
    )
    func bucketEvents(_ event: String) throws {
        let data = TriggerSamples.data(.obs, "events", [.string(event)])
        #expect(try TriggerEventData(.object(data), for: .obs)["events"] == [.string(event)])
    }

    @Test("a notification may name 100 resources")
    func manyResources() throws {
        let operations = JSONValue.array((0..<50).map { "ECS:a\($0);b\($0):create" })
        let data = TriggerSamples.data(.cts, "operations", operations)
        #expect(throws: Never.self) { try TriggerEventData(.object(data), for: .cts) }
    }

    @Test(
        "logs see no passwords and keys, though answers show them",
        arguments: zip(
            [.dds, .kafka, .openSourceKafka, .rocketMQ, .rabbitMQ] as [TriggerType],
            ["db_password", "kafka_password", "kafka_password", "secret_key", "access_password"]
        )
    )
    func secrets(_ type: TriggerType, _ member: String) throws {
        let trigger = try TriggerSamples.trigger(type, [member: "Pa55word"])
        #expect(trigger.data.redacted[member] == "***")
        #expect(!JSONValue.object(trigger.data.redacted).text.contains("Pa55word"))
        #expect(trigger.data.redacted.keys == trigger.data.object.keys)
        #expect(trigger.body(gateway: "http://localhost")["event_data"]?[member] == "Pa55word")
    }
}
