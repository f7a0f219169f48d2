import FunctionGraph
import JSON
import Testing

struct TriggerConflictTests {
    /// Two triggers that cannot be there together, as changes of one sample, and the code of the answer.
    struct Pair: CustomTestStringConvertible {
        let type: TriggerType
        let present: JSONObject
        let wanted: JSONObject
        let code: String?

        init(_ type: TriggerType, _ present: JSONObject, _ wanted: JSONObject, _ code: String?) {
            self.type = type
            self.present = present
            self.wanted = wanted
            self.code = code
        }

        var testDescription: String {
            "\(type.rawValue) \(JSONValue.object(present).text), then \(JSONValue.object(wanted).text)"
        }
    }

    static let conflicting: [Pair] = [
        Pair(.timer, ["schedule": "3m"], ["schedule": "5m"], "FSS.1148"),
        Pair(.cts, [:], ["operations": ["IAM:user:login"]], "FSS.1307"),
        Pair(.smn, [:], [:], "FSS.1141"),
        Pair(.obs, [:], [:], "FSS.1145"),
        Pair(.obs, ["events": ["Put"]], ["events": ["s3:ObjectCreated:Put"]], "FSS.1145"),
        Pair(.obs, ["events": ["s3:ObjectCreated:*"]], ["events": ["s3:ObjectCreated:Put"]], "FSS.1108"),
        Pair(.obs, ["prefix": "raw/"], ["prefix": "raw/cats/"], "FSS.1108"),
        Pair(.obs, ["prefix": "raw/", "suffix": ""], ["prefix": "", "suffix": ".png"], "FSS.1108"),
        Pair(.kafka, ["topic_ids": ["a", "b"]], ["topic_ids": ["b", "c"]], "FSS.1150"),
        Pair(.openSourceKafka, [:], ["batch_size": 1], "FSS.1150"),
        Pair(.apig, [:], ["name": "other"], "FSS.1147"),
        Pair(.apig, ["req_method": "ANY"], ["req_method": "POST"], "FSS.1147"),
        Pair(
            .apig,
            ["path": "/orders/{id}"],
            ["path": "/orders/{order}/", "match_mode": "NORMAL"],
            "FSS.1147"
        ),
        Pair(.dedicatedGateway, [:], [:], "FSS.1147"),
        Pair(.lts, [:], [:], "FSS.0409"),
        Pair(.dds, [:], ["batch_size": 1], "FSS.0409"),
        Pair(.dms, [:], [:], "FSS.0409"),
        Pair(.dis, [:], [:], "FSS.0409"),
        Pair(.rocketMQ, [:], [:], "FSS.0409"),
        Pair(.rabbitMQ, [:], [:], "FSS.0409"),
    ]

    static let compatible: [Pair] = [
        Pair(.timer, [:], ["name": "hourly"], nil),
        Pair(.cts, [:], ["name": "users"], nil),
        Pair(.smn, [:], ["topic_urn": "urn:smn:eu-de:9f8e7d6c:news"], nil),
        Pair(.obs, [:], ["bucket": "photos-out"], nil),
        Pair(.obs, [:], ["events": ["s3:ObjectRemoved:*"]], nil),
        Pair(.obs, ["prefix": "raw/"], ["prefix": "cooked/"], nil),
        Pair(.obs, ["suffix": ".png"], ["suffix": ".jpg"], nil),
        Pair(.kafka, [:], ["topic_ids": ["returns"]], nil),
        Pair(.kafka, [:], ["instance_id": "kafka-2"], nil),
        Pair(.apig, [:], ["req_method": "POST"], nil),
        Pair(.apig, [:], ["path": "/shop"], nil),
        Pair(.apig, [:], ["group_id": "group-2"], nil),
        Pair(.dds, [:], ["collection_name": "orders"], nil),
        Pair(
            .rabbitMQ,
            ["instance_id": "", "exchange_name": ""],
            ["instance_id": "", "exchange_name": ""],
            nil
        ),
    ]

    @Test("of two triggers that get into each other's way, the second is refused", arguments: conflicting)
    func conflicts(_ pair: Pair) throws {
        let present = try TriggerSamples.trigger(pair.type, pair.present, id: 1)
        let wanted = try TriggerSamples.trigger(pair.type, pair.wanted, id: 2)
        #expect(wanted.conflictKey == present.conflictKey)
        #expect(wanted.conflicts(with: present)?.code.code == pair.code)
        #expect(present.conflicts(with: wanted)?.code.code == pair.code)
        if ![.obs, .apig, .dedicatedGateway, .timer, .cts].contains(pair.type) {
            #expect(pair.type.existsCode.code == pair.code)
        }
    }

    @Test("triggers that differ in what counts do not conflict", arguments: compatible)
    func noConflict(_ pair: Pair) throws {
        let present = try TriggerSamples.trigger(pair.type, pair.present, id: 1)
        let wanted = try TriggerSamples.trigger(pair.type, pair.wanted, id: 2)
        #expect(wanted.conflicts(with: present) == nil)
    }

    @Test("an API of the shared gateway conflicts with one of a dedicated gateway in the same group")
    func bothGateways() throws {
        let shared = try TriggerSamples.trigger(.apig, id: 1)
        let dedicated = try TriggerSamples.trigger(.dedicatedGateway, id: 2)
        #expect(dedicated.conflicts(with: shared)?.code == .requestPathExists)
    }

    @Test(
        "a trigger does not conflict with itself, before or after a change",
        arguments: TriggerType.allCases
    )
    func itself(_ type: TriggerType) throws {
        #expect(try TriggerSamples.trigger(type).conflicts(with: TriggerSamples.trigger(type)) == nil)
    }

    @Test(
        "names are unique in a function, sources in a version or an alias, buckets and APIs in a project",
        arguments: zip(
            [.timer, .cts, .smn, .kafka, .lts, .dds, .obs, .apig] as [TriggerType],
            [.function, .function, .binding, .binding, .binding, .binding, .project, .project]
                as [ConflictScope]
        )
    )
    func scopes(_ type: TriggerType, _ scope: ConflictScope) throws {
        let latest = try TriggerSamples.trigger(type, id: 1)
        let aliased = try TriggerSamples.trigger(type, id: 2, binding: .alias(AliasName("prod")))
        #expect(latest.conflictScope == scope)
        #expect((aliased.conflicts(with: latest) == nil) == (scope == .binding))
    }

    @Test("keys of different triggers differ, whatever their members hold")
    func keys() throws {
        let pieces = [["a", "b\",\"c"], ["a\",\"b", "c"], ["a,b", "c"]]
        let keys = try pieces.map { piece in
            try TriggerSamples.trigger(
                .lts,
                ["log_group_id": .string(piece[0]), "log_topic_id": .string(piece[1])]
            ).conflictKey
        }
        #expect(Set(keys).count == pieces.count)
    }
}
