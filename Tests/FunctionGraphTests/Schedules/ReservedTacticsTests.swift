import FunctionGraph
import JSON
import Testing

@Suite("How the number of reserved instances changes with time")
struct ReservedTacticsTests {
    @Test(
        "what is wrong is refused with its place",
        arguments: [
            ("7", " must be an object, not a number"),
            (#"{"cron_configs": {}}"#, ".cron_configs must be an array, not an object"),
            (#"{"cron_configs": [null]}"#, ".cron_configs[0] must be an object, not null"),
            (#"{"cron_configs": [{"name": 7}]}"#, ".cron_configs[0].name must be a string, not a number"),
            (#"{"cron_configs": [{"count": 1}]}"#, ".cron_configs[0].cron is required"),
            (#"{"cron_configs": [{"cron": null, "count": 1}]}"#, ".cron_configs[0].cron is required"),
            (
                #"{"cron_configs": [{"cron": "0 1 * *", "count": 1}]}"#,
                ".cron_configs[0].cron '0 1 * *' is not valid: it has 4 fields; it must have 5 or 6: "
                    + "second minute hour day-of-month month [day-of-week]"
            ),
            (
                #"{"cron_configs": [{"cron": "CRON_TZ=Asia/Tokyo 0 1 * * *", "count": 1}]}"#,
                ".cron_configs[0].cron 'CRON_TZ=Asia/Tokyo 0 1 * * *' is read as UTC; it cannot have another time zone"
            ),
            (
                #"{"cron_configs": [{"cron": "0 1 * * *"}]}"#,
                ".cron_configs[0].count must be an integer, not null"
            ),
            (
                #"{"cron_configs": [{"cron": "0 1 * * *", "count": 1001}]}"#,
                ".cron_configs[0].count is 1001; it must be between 0 and 1000"
            ),
            (
                #"{"cron_configs": [{"cron": "0 1 * * *", "count": -1}]}"#,
                ".cron_configs[0].count is -1; it must be between 0 and 1000"
            ),
            (
                #"{"cron_configs": [{"cron": "0 1 * * *", "count": 1, "start_time": "1"}]}"#,
                ".cron_configs[0].start_time must be an integer, not a string"
            ),
            (
                #"{"cron_configs": [{"cron": "0 1 * * *", "count": 1, "expired_time": 1777852800000}]}"#,
                ".cron_configs[0].expired_time is 1777852800000; it must be between 0 and 253402300799"
            ),
            (
                #"{"cron_configs": [{"cron": "@daily", "count": 1}, {"cron": "@daily", "count": 1, "start_time": 5, "expired_time": 5}]}"#,
                ".cron_configs[1].expired_time 5 must be after start_time 5"
            ),
        ]
    )
    func faults(text: String, message: String) throws {
        let json = try JSONValue(parsing: text)
        #expect(
            refusal { () throws(FGSError) in try ReservedTactics(json) }
                == FGSError(.invalidParameter, "tactics_config\(message)")
        )
    }

    @Test("a rule that wants fewer instances than the base count is refused")
    func baseCount() throws {
        let tactics = try ReservedTactics([
            "cron_configs": [["cron": "@daily", "count": 3], ["cron": "@hourly", "count": 2]]
        ])
        try tactics.check(base: 2)
        #expect(
            refusal { () throws(FGSError) in try tactics.check(base: 3) }
                == FGSError(
                    .invalidParameter,
                    "tactics_config.cron_configs[1].count is 2; it must be at least count, which is 3"
                )
        )
    }

    @Test(
        "what clients send is given back as it was, with nulls, zeros and members nobody knows",
        arguments: [
            #"{"cron_configs":[]}"#,
            #"{"cron_configs":null}"#,
            #"{}"#,
            #"{"metric_configs":[{"name":"m"}],"cron_configs":[{"count":2,"cron":"0 1 * * * *","name":"scheme-1","start_time":1638263400,"expired_time":1638263460}]}"#,
            #"{"cron_configs":[{"name":null,"cron":"0 1 * * * *","count":2,"start_time":null,"expired_time":0,"x":1.0}]}"#,
        ]
    )
    func echo(text: String) throws {
        let tactics = try ReservedTactics(JSONValue(parsing: text))
        #expect(tactics.json.text == text)
        #expect(try ReservedTactics(tactics.json) == tactics)
    }

    @Test("null is no rules")
    func null() throws {
        #expect(try ReservedTactics(.null) == .none)
        #expect(ReservedTactics.none.json.text == #"{"cron_configs":[]}"#)
        #expect(try ReservedTactics.none.count(at: moment("2026-05-04T00:00:00Z"), base: 3) == 3)
        #expect(try ReservedTactics.none.nextChange(after: moment("2026-05-04T00:00:00Z")) == nil)
    }

    @Test("a rule's members are read")
    func members() throws {
        let tactics = try ReservedTactics([
            "cron_configs": [
                [
                    "name": "busy", "cron": "0 0 8 * * *", "count": 5, "start_time": 1_777_852_800,
                    "expired_time": 0,
                ]
            ]
        ])
        let config = try #require(tactics.configs.first)
        #expect(config.name == "busy")
        #expect(config.cron.description == "0 0 8 * * *")
        #expect(config.count == 5)
        #expect(config.start == Timestamp(seconds: 1_777_852_800))
        #expect(config.expiry == nil)
    }

    @Test("a rule holds from its first valid fire until it expires; outside the base count holds")
    func oneRule() throws {
        let tactics = try Self.tactics(("0 0 8 * * *", 5, "2026-05-04T08:00:00Z", "2026-05-06T07:00:00Z"))
        try Self.expect(
            tactics,
            counts: [
                ("2026-05-03T08:00:00Z", 1), ("2026-05-04T07:59:59.999Z", 1), ("2026-05-04T08:00:00Z", 5),
                ("2026-05-05T07:00:00Z", 5), ("2026-05-06T06:59:59.999Z", 5), ("2026-05-06T07:00:00Z", 1),
                ("2026-05-06T08:00:00Z", 1),
            ]
        )
        try Self.expect(
            tactics,
            changes: [
                ("2026-05-01T00:00:00Z", "2026-05-04T08:00:00Z"),
                ("2026-05-04T07:59:59.999Z", "2026-05-04T08:00:00Z"),
                ("2026-05-04T08:00:00Z", "2026-05-06T07:00:00Z"),
                ("2026-05-06T06:59:59Z", "2026-05-06T07:00:00Z"),
                ("2026-05-06T07:00:00Z", nil),
            ]
        )
    }

    @Test("a fire before the validity, or at its end, does not count")
    func borders() throws {
        let tactics = try Self.tactics(("0 0 8 * * *", 5, "2026-05-04T08:00:01Z", "2026-05-05T08:00:00Z"))
        try Self.expect(
            tactics,
            counts: [("2026-05-04T08:00:00Z", 1), ("2026-05-04T12:00:00Z", 1), ("2026-05-05T08:00:00Z", 1)]
        )
        try Self.expect(tactics, changes: [("2026-05-01T00:00:00Z", nil)])
    }

    @Test("of several rules the one that fired last is in force")
    func dayAndNight() throws {
        let tactics = try Self.tactics(
            ("0 0 8 ? * MON-FRI", 10, nil, nil),
            ("0 0 20 * * *", 2, nil, nil)
        )
        // 2026-05-08 is a Friday.
        try Self.expect(
            tactics,
            counts: [
                ("2026-05-08T07:59:59Z", 2), ("2026-05-08T08:00:00Z", 10), ("2026-05-08T19:59:59Z", 10),
                ("2026-05-08T20:00:00Z", 2), ("2026-05-10T12:00:00Z", 2), ("2026-05-11T08:00:00Z", 10),
            ]
        )
        try Self.expect(
            tactics,
            changes: [
                ("2026-05-08T08:00:00Z", "2026-05-08T20:00:00Z"),
                ("2026-05-08T20:00:00Z", "2026-05-11T08:00:00Z"),
            ]
        )
    }

    @Test("when the rule in force expires, the one before it is in force again")
    func expiry() throws {
        let tactics = try Self.tactics(
            ("0 0 8 * * *", 5, nil, nil),
            ("0 0 12 * * *", 10, nil, "2026-05-04T14:00:00Z")
        )
        try Self.expect(
            tactics,
            counts: [
                ("2026-05-04T11:59:59Z", 5), ("2026-05-04T12:00:00Z", 10), ("2026-05-04T14:00:00Z", 5),
                ("2026-05-05T12:00:00Z", 5),
            ]
        )
        try Self.expect(
            tactics,
            changes: [("2026-05-04T12:00:00Z", "2026-05-04T14:00:00Z"), ("2026-05-04T14:00:00Z", nil)]
        )
    }

    @Test("of rules that fire in the same second the later one in the list wins")
    func sameSecond() throws {
        let tactics = try Self.tactics(("0 0 8 * * *", 5, nil, nil), ("0 0 8 * * *", 3, nil, nil))
        try Self.expect(tactics, counts: [("2026-05-04T08:00:00Z", 3)])
    }

    @Test("between one change and the next the number stays", arguments: 0..<20)
    func changesAreComplete(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let start = try moment("2026-05-04T00:00:00Z").seconds
        let rules = (0..<Int.random(in: 1...4, using: &random)).map { index -> JSONValue in
            let first = start + Int64.random(in: -7_200...7_200, using: &random)
            let minutes = (0..<3).map { _ in String(Int.random(in: 0..<60, using: &random)) }
            return [
                "cron": .string(
                    "0 \(minutes.joined(separator: ",")) \(["*", "*/2"].randomElement(using: &random) ?? "*") * * *"
                ),
                "count": .integer(index + 1),
                "start_time": .integer(first),
                "expired_time": .integer(first + Int64.random(in: 1...14_400, using: &random)),
            ]
        }
        let tactics = try ReservedTactics(["cron_configs": .array(rules)])
        var change = tactics.nextChange(after: Timestamp(seconds: start - 1))
        var count = tactics.count(at: Timestamp(seconds: start - 1), base: 0)
        for second in start..<start + 28_800 {
            let time = Timestamp(seconds: second)
            if time == change {
                change = tactics.nextChange(after: time)
                count = tactics.count(at: time, base: 0)
            }
            guard tactics.count(at: time, base: 0) == count else {
                Issue.record("the number changes at \(time.zulu) unannounced, with \(tactics.json.text)")
                return
            }
        }
    }

    private static func tactics(_ rules: (cron: String, count: Int, start: String?, expiry: String?)...)
        throws
        -> ReservedTactics
    {
        let configs = try rules.map { rule -> JSONValue in
            [
                "cron": .string(rule.cron), "count": .integer(rule.count),
                "start_time": try rule.start.map { .integer(try moment($0).seconds) } ?? .null,
                "expired_time": try rule.expiry.map { .integer(try moment($0).seconds) } ?? .null,
            ]
        }
        return try ReservedTactics(["cron_configs": .array(configs)])
    }

    private static func expect(
        _ tactics: ReservedTactics,
        counts: [(String, Int)],
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        for (time, count) in counts {
            #expect(
                try tactics.count(at: moment(time), base: 1) == count,
                "at \(time)",
                sourceLocation: location
            )
        }
    }

    private static func expect(
        _ tactics: ReservedTactics,
        changes: [(String, String?)],
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        for (time, change) in changes {
            #expect(
                try tactics.nextChange(after: moment(time)) == change.map { try moment($0) },
                "after \(time)",
                sourceLocation: location
            )
        }
    }
}
