import FunctionGraph
import Testing

@Suite("How a cron expression is read")
struct CronGrammarTests {
    @Test(
        "fields take values, lists, ranges, steps and names",
        arguments: [
            ("5 * * * *", ["00:00:05", "00:01:05", "00:02:05"]),
            ("0 0,30 * * * *", ["00:00:00", "00:30:00", "01:00:00"]),
            ("0 30,0 * * * *", ["00:00:00", "00:30:00", "01:00:00"]),
            ("0 58-59 * * * *", ["00:58:00", "00:59:00", "01:58:00"]),
            ("0 5-5 * * * *", ["00:05:00", "01:05:00", "02:05:00"]),
            ("0 */25 * * * *", ["00:00:00", "00:25:00", "00:50:00", "01:00:00"]),
            ("0 1/3 * * * *", ["00:01:00", "00:04:00", "00:07:00"]),
            ("0 55/3 * * * *", ["00:55:00", "00:58:00", "01:55:00"]),
            ("0 10-20/5 * * * *", ["00:10:00", "00:15:00", "00:20:00", "01:10:00"]),
            ("0 */90 * * * *", ["00:00:00", "01:00:00"]),
            ("0 59/1 * * * *", ["00:59:00", "01:59:00"]),
            (
                "0 1-3,*/30,50/5 0 * * *",
                ["00:00:00", "00:01:00", "00:02:00", "00:03:00", "00:30:00", "00:50:00"]
            ),
            ("0 05 008 * * *", ["08:05:00"]),
            ("\t0   0 6 * *  * ", ["06:00:00"]),
            ("@hourly", ["00:00:00", "01:00:00"]),
        ]
    )
    func times(expression: String, expected: [String]) throws {
        let fires = try CronExpression(expression).fires(after: "2026-05-03T23:59:59Z", count: expected.count)
        #expect(fires == expected.map { "2026-05-04T\($0)+00:00" })
    }

    /// 2026-05-04 is a Monday.
    @Test(
        "day fields that both restrict are alternatives, and a wildcard leaves the decision to the other one",
        arguments: [
            ("0 0 0 13 * *", ["05-13", "06-13", "07-13"]),
            ("0 0 0 ? * FRI", ["05-08", "05-15", "05-22"]),
            ("0 0 0 13 * ?", ["05-13", "06-13", "07-13"]),
            ("0 0 0 13 * FRI", ["05-08", "05-13", "05-15", "05-22", "05-29", "06-05"]),
            ("0 0 0 1-31 * FRI", ["05-04", "05-05"]),
            ("0 0 0 */10 * FRI", ["05-08", "05-11", "05-15", "05-21", "05-22"]),
            ("0 0 0 */1 * FRI", ["05-08", "05-15"]),
            ("0 0 0 ?/1 * FRI", ["05-08", "05-15"]),
            ("0 0 0 *,13 * FRI", ["05-08", "05-15"]),
            ("0 0 0 13 * 0-6", ["05-04", "05-05"]),
            ("0 0 0 13 * */2", ["05-05", "05-07", "05-09", "05-10", "05-12", "05-13"]),
            ("0 0 0 ? * mon-WED,Sat", ["05-04", "05-05", "05-06", "05-09", "05-11"]),
            ("0 0 0 ? * 5/1", ["05-08", "05-09", "05-15"]),
            ("0 0 0 31 * *", ["05-31", "07-31", "08-31", "10-31", "12-31"]),
            ("0 0 0 29,30 jun-AUG/2 ?", ["06-29", "06-30", "08-29", "08-30"]),
            ("@monthly", ["06-01", "07-01"]),
            ("@weekly", ["05-10", "05-17"]),
            ("@daily", ["05-04", "05-05"]),
            ("@midnight", ["05-04", "05-05"]),
        ]
    )
    func days(expression: String, expected: [String]) throws {
        let fires = try CronExpression(expression).fires(after: "2026-05-03T23:59:59Z", count: expected.count)
        #expect(fires == expected.map { "2026-\($0)T00:00:00+00:00" })
    }

    @Test("yearly descriptors fire at New Year", arguments: ["@yearly", "@annually"])
    func years(descriptor: String) throws {
        #expect(
            try CronExpression("CRON_TZ=Asia/Tokyo \(descriptor)").fires(
                after: "2026-05-04T00:00:00Z",
                count: 2
            ) == [
                "2027-01-01T00:00:00+09:00", "2028-01-01T00:00:00+09:00",
            ]
        )
    }

    @Test(
        "the zone is the prefix's, by either name, and without one UTC",
        arguments: [
            ("0 30 8 * * *", "2026-05-04T08:30:00+00:00"),
            ("CRON_TZ=UTC 0 30 8 * * *", "2026-05-04T08:30:00+00:00"),
            ("CRON_TZ=Europe/Berlin 0 30 8 * * *", "2026-05-04T08:30:00+02:00"),
            ("TZ=Europe/Berlin   0 30 8 * * *", "2026-05-04T08:30:00+02:00"),
            (" CRON_TZ=America/St_Johns 0 30 8 * * *", "2026-05-04T08:30:00-02:30"),
            ("CRON_TZ=Asia/Kathmandu 0 30 8 * * *", "2026-05-04T08:30:00+05:45"),
            ("CRON_TZ=Etc/GMT+5 0 30 8 * * *", "2026-05-04T08:30:00-05:00"),
            ("CRON_TZ=CET 0 30 8 * * *", "2026-05-04T08:30:00+02:00"),
        ]
    )
    func zones(expression: String, expected: String) throws {
        #expect(try CronExpression(expression).fires(after: "2026-05-03T22:00:00Z", count: 1) == [expected])
    }

    @Test("an expression is given back as it came")
    func description() throws {
        let text = " CRON_TZ=Europe/Berlin  0 30 8 ? * mon-FRI "
        #expect(try CronExpression(text).description == text)
        #expect(try CronExpression(text) == CronExpression(text))
    }
}
