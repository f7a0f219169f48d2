import FunctionGraph
import JSON
import Testing

struct TriggerTests {
    static let neverDisabled: [TriggerType] = [.obs, .apig, .dedicatedGateway, .cts, .smn]

    @Test(
        "a trigger of a type that is always active is neither created nor made disabled",
        arguments: neverDisabled
    )
    func disabling(_ type: TriggerType) throws {
        let creation = #expect(throws: FGSError.self) {
            try TriggerSamples.create([
                "trigger_type_code": .string(type.rawValue), "trigger_status": "DISABLED",
                "event_data": .object(TriggerSamples.data(type)),
            ])
        }
        #expect(creation?.code == .invalidTriggerOperation)
        let trigger = try TriggerSamples.trigger(type)
        let change = #expect(throws: FGSError.self) {
            try trigger.merging(["trigger_status": "DISABLED"], at: TriggerSamples.modified)
        }
        #expect(change?.code == .invalidTriggerOperation)
        #expect(try trigger.merging(["trigger_status": "ACTIVE"], at: TriggerSamples.modified) == trigger)
    }

    @Test(
        "a status that does not exist is refused",
        arguments: ["active", "ENABLED", 1, true] as [JSONValue]
    )
    func wrongStatus(_ status: JSONValue) throws {
        let trigger = try TriggerSamples.trigger(.timer)
        let error = #expect(throws: FGSError.self) {
            try trigger.merging(["trigger_status": status], at: TriggerSamples.modified)
        }
        #expect(error?.code == .invalidParameter)
    }

    @Test("the bucket of a trigger stays what it is")
    func fixedBucket() throws {
        let trigger = try TriggerSamples.trigger(.obs)
        for change: JSONValue in ["photos-out", .null, ""] {
            let error = #expect(throws: FGSError.self) {
                try trigger.merging(["event_data": ["bucket": change]], at: TriggerSamples.modified)
            }
            #expect(error?.code == .invalidOBSTrigger)
        }
        let changed = try trigger.merging(
            ["event_data": ["bucket": "photos-in", "prefix": "cooked/"]],
            at: TriggerSamples.modified
        )
        #expect(changed.data["prefix"] == "cooked/")
    }

    @Test(
        "a change that would make the data wrong is refused and changes nothing",
        arguments: [["schedule_type": "rate"], ["name": .null], ["schedule": ""], "3m", [["name": "a"], 7]]
            as [JSONValue]
    )
    func wrongChange(_ change: JSONValue) throws {
        let trigger = try TriggerSamples.trigger(.timer)
        let error = #expect(throws: FGSError.self) {
            try trigger.merging(["event_data": change], at: TriggerSamples.modified)
        }
        #expect(error?.code == .invalidTimerTrigger)
    }

    @Test("a new trigger has its type's status unless it asks for another")
    func status() throws {
        var body: JSONObject = [
            "trigger_type_code": "kafka", "event_data": .object(TriggerSamples.data(.kafka)),
        ]
        #expect(try TriggerSamples.create(body).status == .disabled)
        body["trigger_status"] = "ACTIVE"
        #expect(try TriggerSamples.create(body).status == .active)
        body["trigger_status"] = ""
        #expect(try TriggerSamples.create(body).status == .disabled)
    }

    @Test("a change names what is to be changed; the rest stays, and the time is noted")
    func change() throws {
        let trigger = try TriggerSamples.trigger(.timer)
        let changed = try trigger.merging(
            ["trigger_status": "DISABLED", "event_data": ["schedule": "5m"]],
            at: TriggerSamples.modified
        )
        #expect(changed.status == .disabled)
        #expect(changed.data.object == TriggerSamples.data(.timer, "schedule", "5m"))
        #expect(changed.id == trigger.id)
        #expect(changed.created == TriggerSamples.created)
        #expect(changed.modified == TriggerSamples.modified)
    }

    @Test("the data of a change is an object, or an array of objects that are all merged")
    func changesInArray() throws {
        let trigger = try TriggerSamples.trigger(.dis)
        let changed = try trigger.merging(
            [
                "event_data": [
                    ["is_serial": true, "polling_interval": 30], ["polling_unit": "s", "is_serial": false],
                ]
            ],
            at: TriggerSamples.modified
        )
        #expect(
            changed.data.object == [
                "stream_name": "clicks", "sharditerator_type": "LATEST", "is_serial": false,
                "polling_interval": 30,
                "polling_unit": "s",
            ]
        )
    }

    @Test("null removes a member that may be left out")
    func removal() throws {
        let changed = try TriggerSamples.trigger(.timer).merging(
            ["event_data": ["user_event": .null]],
            at: TriggerSamples.modified
        )
        #expect(changed.data["user_event"] == nil)
    }

    @Test(
        "a change that changes nothing leaves the time of the last change alone",
        arguments: [
            [:], ["event_data": []], ["event_data": .null, "trigger_status": .null],
            ["event_data": ["schedule": "3m"]],
        ]
            as [JSONObject]
    )
    func noChange(_ body: JSONObject) throws {
        let trigger = try TriggerSamples.trigger(.timer)
        #expect(try trigger.merging(body, at: TriggerSamples.modified) == trigger)
    }

    @Test("an answer shows the trigger as the API reference has it")
    func answer() throws {
        let trigger = try TriggerSamples.create([
            "trigger_type_code": "timer",
            "event_data": ["name": "every3", "schedule": "3m", "schedule_type": "Rate"],
        ])
        #expect(
            JSONValue.object(trigger.body(gateway: "http://localhost")).text == """
                {"trigger_id":"00000000-0000-4000-8000-000000000001","trigger_type_code":"TIMER",\
                "trigger_status":"ACTIVE",\
                "event_data":{"name":"every3","schedule":"3m","schedule_type":"Rate"},\
                "last_updated_time":"2025-03-17T10:05:00+00:00","created_time":"2025-03-17T10:05:00+00:00"}
                """
        )
    }

    @Test(
        "an answer about an API tells its ids and where it can be called",
        arguments: ["/shop/orders", "shop/orders"]
    )
    func gatewayAnswer(_ path: String) throws {
        let trigger = try TriggerSamples.trigger(.apig, ["path": .string(path)])
        let shown = try #require(trigger.body(gateway: "http://localhost:8380/apis")["event_data"])
        #expect(shown["triggerid"] == .string(trigger.id.description))
        #expect(shown["api_id"] == "00000000000040008000000000000001")
        #expect(shown["api_name"] == "shop")
        #expect(shown["invoke_url"] == "http://localhost:8380/apis/group-1/shop/orders")
    }

    @Test("an answer adds what the source would know, unless the client has said it")
    func addedMembers() throws {
        func shown(_ type: TriggerType, _ changes: JSONObject = [:]) throws -> JSONValue? {
            try TriggerSamples.trigger(type, changes).body(gateway: "http://localhost")["event_data"]
        }
        #expect(try shown(.smn)?["subscription_status"] == "Confirmed")
        #expect(try shown(.dds)?["mode"] == "ReplicaSet")
        #expect(try shown(.dds, ["mode": "Single"])?["mode"] == "Single")
        #expect(try shown(.obs)?["name"] == "00000000-0000-4000-8000-000000000001")
        #expect(try shown(.obs, ["name": "photos"])?["name"] == "photos")
    }

    @Test("a trigger that was read from an answer can be sent back as it is", arguments: TriggerType.allCases)
    func roundTrip(_ type: TriggerType) throws {
        let trigger = try TriggerSamples.trigger(type)
        let body = trigger.body(gateway: "http://localhost")
        let changed = try trigger.merging(body, at: TriggerSamples.created)
        #expect(changed.body(gateway: "http://localhost") == body)
    }
}
