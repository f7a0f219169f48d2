import FunctionGraph
import JSON
import Testing
import Triggers

/// Each builder makes the event of its file, member for member and in the same order.
struct GoldenEventTests {
    private static let project = "3d9a51c0f2e84b7796a8c4e1d05b7f23"
    private static let time = Timestamp(milliseconds: 1_777_885_951_352)
    private static let instance = "9f7d5b31-4e2c-4a80-b6d1-7c3e5a9f1b24"

    private static func expect(
        _ event: some TriggerEvent,
        equals name: String,
        at place: SourceLocation = #_sourceLocation
    ) throws {
        let golden = try GoldenFile.text(name)
        #expect(String(decoding: event.bytes, as: UTF8.self) == golden, sourceLocation: place)
    }

    @Test("a timer's event")
    func timer() throws {
        let event = TimerEvent(
            name: "nightly",
            userEvent: #"{"mode": "full"}"#,
            time: Timestamp(seconds: 1_777_874_400),
            offset: 7_200
        )
        try Self.expect(event, equals: "timer")
    }

    @Test("a gateway's event")
    func gateway() throws {
        let event = APIGEvent(
            APIGRequest(
                method: "POST",
                path: "/shop/orders/42",
                query: [("dry", "1"), ("tag", "new"), ("tag", "grün")],
                headers: [
                    ("Host", "api.example.com:8380"), ("Content-Type", "application/json"),
                    ("Accept", "text/html"),
                    ("Cookie", "a=1"), ("Connection", "keep-alive"), ("accept", "*/*"), ("cookie", "b=2"),
                ],
                body: Array(#"{"qty": 3}"#.utf8),
                client: "192.0.2.10",
                port: 8_380
            ),
            pathParameters: ["": "42"],
            requestID: "6a0f4c1e9b7d4e2f8a3c5d7e9f1b2c3d",
            apiID: "5b1e7d3a9c2f4e6b8d0a1c3e5f7b9d2c"
        )
        try Self.expect(event, equals: "apig")
    }

    @Test("a bucket's events", arguments: zip([ObjectAction.put, .delete], ["obs_created", "obs_removed"]))
    func bucket(_ action: ObjectAction, _ name: String) throws {
        let event = OBSEvent(
            action,
            of: OBSEvent.Object(
                key: "2026/grün cat+1.png",
                size: 20_480,
                eTag: "9a0364b9e99bb480dd25e1f0284c8555"
            ),
            in: OBSEvent.Bucket(name: "photos-in", owner: "8c4d2e6f0a1b4c3d9e5f7a8b6c0d1e2f"),
            by: OBSEvent.Request(
                id: "0000019A6D4C3B2A",
                extendedID: "c2hvcnQgYW5kIHN3ZWV0",
                user: "1f6b0d2c4e8a4937b5c1d9e7f3a2b4c6",
                client: "192.0.2.44"
            ),
            configurationID: "7e2c9a41-58d3-4f0b-a6e7-3b1c5d9f8024",
            sequence: 0x19A_6D4C_3B2A,
            region: "eu-de",
            time: Self.time
        )
        try Self.expect(event, equals: name)
    }

    @Test("a topic's event")
    func topic() throws {
        let event = SMNEvent(
            topic: "urn:smn:eu-de:\(Self.project):alerts",
            messageID: "2b8e4d6f0a1c4e3b9d5f7a8c6e0b1d2f",
            subject: "node-3",
            message: "disk 91%",
            subscriber: FunctionURN(
                region: "eu-de",
                project: try ProjectID(Self.project),
                package: .default,
                name: try FunctionName("mailer"),
                qualifier: .latest
            ),
            requestID: "0d4f8b2a-6c1e-4d3f-9a7b-5e8c2f1d0b6a",
            time: Self.time
        )
        try Self.expect(event, equals: "smn")
    }

    @Test("a trace's event")
    func trace() throws {
        let event = CTSEvent(
            id: "5c7d9e1f-479c-11f1-a3b5-02420a1b2c3d",
            operation: "stopServer",
            on: CTSEvent.Resource(
                service: "ECS",
                type: "ecs",
                name: "web-1",
                id: "6e3f1b9d-20a7-4c58-9d64-8b7a5c3e1f02"
            ),
            by: CTSEvent.User(
                name: "alice",
                id: "b1d2f3a4c5e6",
                domainName: "ACME-000321",
                domainID: "e0d1c2b3a4f5"
            ),
            project: Self.project,
            client: "192.0.2.7",
            time: Timestamp(milliseconds: 1_777_885_951_507),
            recorded: Timestamp(milliseconds: 1_777_885_951_730),
            details: ["code": 202, "request": ["os-stop": ["servers": 1]], "user_agent": "curl/8.5.0"]
        )
        try Self.expect(event, equals: "cts")
    }

    @Test("a collection's event")
    func collection() throws {
        let event = DDSEvent(
            [
                DDSEvent.Change(
                    operation: "insert",
                    document: [
                        "_id": ["$oid": "6a1f2b3c4d5e6f7a8b9c0d1e"], "sku": "B-9",
                        "qty": ["$numberDouble": "3.0"],
                    ],
                    token: "826A1F2B3C000000012B022C0100296E5A1004"
                )
            ],
            database: "shop",
            collection: "stock",
            instance: "4c8e2a60-1b9d-4f37-85a2-9d7c6b5e4f31",
            region: "eu-de"
        )
        try Self.expect(event, equals: "dds")
    }

    @Test(
        "a broker's event",
        arguments: zip(
            [TriggerType.kafka, .openSourceKafka, .rocketMQ, .rabbitMQ],
            ["kafka", "kafka", "rocketmq", "rabbitmq"]
        )
    )
    func broker(_ type: TriggerType, _ name: String) throws {
        let event = KafkaEvent(
            [
                KafkaEvent.Message(topic: "orders", text: #"{"id":1}"#),
                KafkaEvent.Message(topic: "returns", text: #"{"id":2}"#),
                KafkaEvent.Message(topic: "orders", text: #"{"id":3}"#),
            ],
            of: try #require(KafkaEvent.Broker(type)),
            instance: Self.instance,
            region: "eu-de",
            time: Self.time
        )
        try Self.expect(event, equals: name)
    }

    @Test("a stream of logs' event")
    func logs() throws {
        func line(_ message: String, _ number: Int, id: String) -> LTSEvent.Line {
            LTSEvent.Line(
                message: message,
                time: Timestamp(milliseconds: 1_777_885_951_052 + Int64(number)),
                host: "node-3",
                address: "192.0.2.30",
                path: "var/log/app.log",
                id: id,
                number: number
            )
        }
        let event = LTSEvent(
            [
                line(#"2026-05-04 09:12:31 WARN disk "91%""#, 1, id: "8d6f4b2a-479c-11f1-9e7c-0242c0a80102"),
                line("2026-05-04 09:12:31 INFO grün", 2, id: "8d6f4b2b-479c-11f1-9e7c-0242c0a80102"),
            ],
            owner: "e0d1c2b3a4f5",
            group: "2a4c6e80-1b3d-4f5a-9c7e-8d6b4a2f0e13",
            stream: "7f5d3b19-0e2c-4a68-8b4d-6c2e0a9f7d51"
        )
        try Self.expect(event, equals: "lts")
    }

    @Test("a stream's event")
    func stream() throws {
        let event = DISEvent(
            [DISEvent.Record(partitionKey: "user-7", data: Array("click /home".utf8), sequenceNumber: 7)],
            stream: "clicks",
            partition: 3,
            nextCursor: "eyJnZXRJdGVyYXRvciI6IjgifQ=="
        )
        try Self.expect(event, equals: "dis")
    }
}
