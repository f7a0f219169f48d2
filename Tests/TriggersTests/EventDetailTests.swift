import Foundation
import FunctionGraph
import JSON
import Testing
import Triggers

/// What the golden files do not show: limits, batches and unusual values.
struct EventDetailTests {
    private static func timer(_ seconds: Int64, offset: Int) -> JSONValue? {
        TimerEvent(name: "t", time: Timestamp(seconds: seconds), offset: offset).json["time"]
    }

    @Test("a timer's time is that of its zone, and its user event is text even if there is none")
    func zones() {
        #expect(Self.timer(1_777_874_400, offset: 0) == "2026-05-04T06:00:00+00:00")
        #expect(Self.timer(1_777_874_400, offset: 20_700) == "2026-05-04T11:45:00+05:45")
        #expect(Self.timer(1_777_874_400, offset: -12_600) == "2026-05-04T02:30:00-03:30")
        #expect(TimerEvent(name: "t", time: Timestamp(seconds: 0)).json["user_event"] == "")
    }

    @Test("a gateway adds to the addresses that a request was forwarded for, and its own id counts")
    func forwarding() throws {
        let request = APIGRequest(
            method: "GET",
            path: "/",
            headers: [
                ("X-Forwarded-For", "198.51.100.1"), ("X-Request-Id", "mine"), ("X-Real-IP", "198.51.100.1"),
                ("Transfer-Encoding", "chunked"),
            ],
            client: "192.0.2.10",
            port: 80
        )
        let event = APIGEvent(request, requestID: "theirs", apiID: "api").json
        let headers = try #require(event["headers"]?.objectValue)
        #expect(headers["x-forwarded-for"] == "198.51.100.1, 192.0.2.10")
        #expect(headers["x-real-ip"] == "192.0.2.10")
        #expect(headers["x-request-id"] == "theirs")
        #expect(headers["host"] == "")
        #expect(headers["transfer-encoding"] == nil)
        #expect(event["body"] == "")
        #expect(event["isBase64Encoded"] == true)
        #expect(event["queryStringParameters"] == [:])
        #expect(event["pathParameters"] == [:])
    }

    @Test("a query's parameter that occurs three times has three values")
    func repeatedParameters() {
        let request = APIGRequest(
            method: "GET",
            path: "/",
            query: [("a", "1"), ("b", ""), ("a", "2"), ("a", "1")],
            client: "::1",
            port: 80
        )
        let query = APIGEvent(request, requestID: "r", apiID: "a").json["queryStringParameters"]
        #expect(query == ["a": ["1", "2", "1"], "b": ""])
    }

    @Test(
        "the time of a topic's event is as JavaScript writes it",
        arguments: [
            (1_777_885_951_352, "Mon May 04 2026 09:12:31 GMT+0000 (UTC)"),
            (0, "Thu Jan 01 1970 00:00:00 GMT+0000 (UTC)"),
            (-1_000, "Wed Dec 31 1969 23:59:59 GMT+0000 (UTC)"),
            (-86_400_000, "Wed Dec 31 1969 00:00:00 GMT+0000 (UTC)"),
            (951_782_400_000, "Tue Feb 29 2000 00:00:00 GMT+0000 (UTC)"),
        ] as [(Int64, String)]
    )
    func javaScriptDates(_ milliseconds: Int64, _ text: String) throws {
        let event = SMNEvent(
            topic: "t",
            messageID: "m",
            subject: "s",
            message: "",
            attributes: ["level": ["type": "STRING", "value": "high"]],
            subscriber: FunctionURN(
                region: "eu-de",
                project: try ProjectID("p"),
                package: .default,
                name: try FunctionName("f"),
                qualifier: .alias(try AliasName("prod"))
            ),
            requestID: "r",
            time: Timestamp(milliseconds: milliseconds)
        )
        #expect(event.json["timestamp"] == .string(text))
        let record = event.json["record"]?.arrayValue?.first
        #expect(record?["event_subscription_urn"] == "urn:fss:eu-de:p:function:default:f:!prod")
        #expect(record?["smn"]?["message_attributes"]?["level"]?["value"] == "high")
    }

    @Test("an event of a removal tells neither size nor tag", arguments: ObjectAction.allCases)
    func removals(_ action: ObjectAction) throws {
        let event = OBSEvent(
            action,
            of: OBSEvent.Object(key: "a~b*c/\u{1}", size: 1, eTag: "e", versionID: "v1"),
            in: OBSEvent.Bucket(name: "b", owner: "o"),
            by: OBSEvent.Request(id: "r", extendedID: "x", user: "u", client: "c"),
            configurationID: "i",
            sequence: .max,
            region: "eu-de",
            time: Timestamp(seconds: 0)
        )
        let record = try #require(event.json["Records"]?.arrayValue?.first)
        let object = try #require(record["s3"]?["object"])
        #expect(record["eventName"] == .string(action.rawValue))
        #expect((object["size"] == nil) == action.rawValue.hasPrefix("ObjectRemoved:"))
        #expect((object["eTag"] == nil) == action.isRemoval)
        #expect(object["key"] == "a~b%2Ac%2F%01")
        #expect(object["versionId"] == "v1")
        #expect(object["sequencer"] == "0000000000000000FFFFFFFFFFFFFFFF")
    }

    @Test("a document that is gone is null, and its database may be named with quotes")
    func deletedDocument() {
        let event = DDSEvent(
            [DDSEvent.Change(operation: "delete", document: .null, token: "t")],
            database: #"a"b"#,
            collection: "c",
            instance: "i",
            region: "eu-de"
        )
        let change = event.json["records"]?.arrayValue?.first?["dds"]
        #expect(change?["full_document"] == "null")
        #expect(change?["size_bytes"] == "4")
        #expect(change?["ns"] == #"{"db": "a\"b","coll": "c"}"#)
    }

    @Test(
        "messages come in batches, over all topics and in order",
        arguments: [(1, 5), (2, 3), (4, 2), (5, 1), (1_000, 1)]
    )
    func messageBatches(_ size: Int, _ count: Int) {
        let messages = (0..<5).map { KafkaEvent.Message(topic: "t\($0 % 2)", text: String($0)) }
        let events = KafkaEvent.events(
            of: messages,
            batchSize: size,
            of: .kafka,
            instance: "i",
            region: "eu-de",
            time: Timestamp(seconds: 0)
        )
        #expect(events.count == count)
        #expect(events.allSatisfy { 1...size ~= $0.messages.count })
        #expect(events.flatMap(\.messages).map(\.text) == ["0", "1", "2", "3", "4"])
    }

    @Test("nothing makes no event")
    func noBatches() {
        #expect(
            KafkaEvent.events(
                of: [],
                batchSize: 10,
                of: .kafka,
                instance: "i",
                region: "eu-de",
                time: Timestamp(seconds: 0)
            ).isEmpty
        )
        #expect(LTSEvent.events(of: [], owner: "o", group: "g", stream: "s").isEmpty)
    }

    @Test("changes and records come in batches too")
    func otherBatches() {
        let change = DDSEvent.Change(operation: "insert", document: [:], token: "t")
        let changes = DDSEvent.events(
            of: Array(repeating: change, count: 5),
            batchSize: 2,
            database: "d",
            collection: "c",
            instance: "i",
            region: "eu-de"
        )
        #expect(changes.map(\.changes.count) == [2, 2, 1])
        let record = DISEvent.Record(partitionKey: "k", data: [], sequenceNumber: 0)
        let records = DISEvent.events(
            of: Array(repeating: record, count: 3),
            batchSize: 3,
            stream: "s",
            partition: 0,
            nextCursor: "n"
        )
        #expect(records.map(\.records.count) == [3])
    }

    @Test("only brokers have events of messages")
    func brokers() {
        let types = TriggerType.allCases.filter { KafkaEvent.Broker($0) != nil }
        #expect(types == [.kafka, .openSourceKafka, .rocketMQ, .rabbitMQ])
    }

    private static func line(_ length: Int) -> LTSEvent.Line {
        LTSEvent.Line(
            message: String(repeating: "x", count: length),
            time: Timestamp(seconds: 0),
            host: "h",
            address: "a",
            path: "p",
            id: "i",
            number: 1
        )
    }

    /// The JSON text of an event's lines.
    private static func logs(_ event: LTSEvent) throws -> String {
        let encoded = try #require(event.json["lts"]?["data"]?.stringValue)
        let data = try #require(Data(base64Encoded: encoded))
        return try #require(try JSONValue(parsing: Array(data))["logs"]?.stringValue)
    }

    @Test("an event of logs has 75 KB of lines at most, and as many as fit")
    func splitting() throws {
        let frame =
            try Self.logs(LTSEvent([Self.line(0)], owner: "o", group: "g", stream: "s")).utf8.count - 2
        // Two lines, two brackets and a comma are exactly as large as allowed.
        let first = 40_000
        let second = LTSEvent.maximumSize - first - 2 * frame - 3
        let fitting = LTSEvent.events(
            of: [first, second].map(Self.line),
            owner: "o",
            group: "g",
            stream: "s"
        )
        #expect(try fitting.map { try Self.logs($0).utf8.count } == [LTSEvent.maximumSize])
        let split = LTSEvent.events(
            of: [first, second + 1].map(Self.line),
            owner: "o",
            group: "g",
            stream: "s"
        )
        #expect(split.map(\.lines.count) == [1, 1])
    }

    @Test("a line that is too large has an event of its own and is not cut")
    func largeLine() throws {
        let events = LTSEvent.events(
            of: [10, 100_000, 10, 10].map(Self.line),
            owner: "o",
            group: "g",
            stream: "s"
        )
        #expect(events.map(\.lines.count) == [1, 1, 2])
        #expect(events[1].lines[0].message.count == 100_000)
    }
}
