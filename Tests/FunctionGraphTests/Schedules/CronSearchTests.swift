import FunctionGraph
import Testing

@Suite("How fires are found", .timeLimit(.minutes(1)))
struct CronSearchTests {
    @Test("the next fire is after the time asked for, the last one may be at it, and both are whole seconds")
    func borders() throws {
        let expression = try CronExpression("0 0 8 * * *")
        let fire = try moment("2026-05-04T08:00:00Z")
        let nextDay = try moment("2026-05-05T08:00:00Z")
        #expect(expression.next(after: fire.advanced(byMilliseconds: -1)) == fire)
        #expect(expression.next(after: fire) == nextDay)
        #expect(expression.next(after: fire.advanced(byMilliseconds: 1)) == nextDay)
        #expect(expression.last(through: nextDay.advanced(byMilliseconds: -1)) == fire)
        #expect(expression.last(through: nextDay) == nextDay)
        #expect(expression.last(through: nextDay.advanced(byMilliseconds: 1)) == nextDay)
    }

    @Test(
        "every field is searched in both directions from wherever the time is",
        arguments: [
            ("10 * * * * *", "2026-05-04T07:30:05Z", "2026-05-04T07:29:10Z", "2026-05-04T07:30:10Z"),
            ("10 15,45 * * * *", "2026-05-04T07:45:05Z", "2026-05-04T07:15:10Z", "2026-05-04T07:45:10Z"),
            ("10 15,45 * * * *", "2026-05-04T07:45:15Z", "2026-05-04T07:45:10Z", "2026-05-04T08:15:10Z"),
            ("10 15,45 6,9 * * *", "2026-05-04T09:15:05Z", "2026-05-04T06:45:10Z", "2026-05-04T09:15:10Z"),
            ("10 15,45 6,9 * * *", "2026-05-04T06:45:15Z", "2026-05-04T06:45:10Z", "2026-05-04T09:15:10Z"),
            ("10 15,45 6,9 * * *", "2026-05-04T03:50:50Z", "2026-05-03T09:45:10Z", "2026-05-04T06:15:10Z"),
            ("10 15,45 6,9 * * *", "2026-05-04T23:59:59Z", "2026-05-04T09:45:10Z", "2026-05-05T06:15:10Z"),
            ("0 0 0 5,25 * *", "2026-03-05T12:00:00Z", "2026-03-05T00:00:00Z", "2026-03-25T00:00:00Z"),
            ("0 0 0 5,31 * *", "2026-03-01T12:00:00Z", "2026-02-05T00:00:00Z", "2026-03-05T00:00:00Z"),
            ("0 0 0 5 4,7 *", "2026-05-20T12:00:00Z", "2026-04-05T00:00:00Z", "2026-07-05T00:00:00Z"),
            ("0 0 0 25 4,7 *", "2026-05-20T12:00:00Z", "2026-04-25T00:00:00Z", "2026-07-25T00:00:00Z"),
            ("0 0 0 31 4,7 *", "2026-05-20T12:00:00Z", "2025-07-31T00:00:00Z", "2026-07-31T00:00:00Z"),
            ("0 0 0 ? 1,12 SUN", "2026-01-02T12:00:00Z", "2025-12-28T00:00:00Z", "2026-01-04T00:00:00Z"),
            ("0 0 0 1 1 ?", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ]
    )
    func directions(expression: String, time: String, last: String, next: String) throws {
        let expression = try CronExpression(expression)
        #expect(try expression.last(through: moment(time)) == moment(last))
        #expect(try expression.next(after: moment(time)) == moment(next))
    }

    @Test("times before 1970 are found as well")
    func beforeTheEpoch() throws {
        let expression = try CronExpression("30 59 23 31 12 *")
        #expect(try expression.next(after: moment("1969-06-01T00:00:00.5Z")) == Timestamp(seconds: -30))
        #expect(try expression.last(through: moment("1970-01-01T00:00:00Z")) == Timestamp(seconds: -30))
    }

    @Test(
        "a day that no year has never comes, in either direction",
        arguments: [
            "0 0 0 30 2 *", "0 0 0 30,31 FEB ?", "0 0 0 31 4,6,9,11 *", "CRON_TZ=Europe/Berlin 0 0 0 30 2 *",
        ]
    )
    func never(expression: String) throws {
        let expression = try CronExpression(expression)
        #expect(try expression.next(after: moment("2026-05-04T00:00:00Z")) == nil)
        #expect(try expression.last(through: moment("2026-05-04T00:00:00Z")) == nil)
    }

    @Test("leap days are found, even the one eight years on")
    func leapDays() throws {
        let expression = try CronExpression("0 0 12 29 2 ?")
        #expect(
            try expression.fires(after: "2092-01-01T00:00:00Z", count: 3).map { $0.prefix(10) } == [
                "2092-02-29", "2096-02-29", "2104-02-29",
            ]
        )
        #expect(
            try expression.last(through: moment("2104-02-29T11:59:59Z")) == moment("2096-02-29T12:00:00Z")
        )
    }

    @Test("the end of the calendar ends the search")
    func endOfTime() throws {
        let expression = try CronExpression("* * * * * *")
        #expect(
            try expression.fires(after: "9999-12-31T23:59:58Z", count: 5) == ["9999-12-31T23:59:59+00:00"]
        )
    }

    @Test(
        "a year has as many fires as it should, and the way back passes the same ones",
        arguments: [
            ("0 */5 * * * *", 105_120),
            ("0 0 * * * *", 8_760),
            ("0 0 0 * * *", 365),
            ("0 0 0 ? * MON-FRI", 261),
            ("0 0 0 31 * *", 7),
            ("0 0 0 13 * FRI", 12 + 52 - 3),
            ("*/10 0-1 0 1 1/6 ?", 24),
            ("CRON_TZ=Asia/Kolkata 0 0 0 * * *", 365),
            // Clocks show one hour less in a year: what they repeat counts once, and what they leap over not at all.
            ("CRON_TZ=Europe/Berlin 0 0 * * * *", 8_759),
            ("CRON_TZ=Europe/Berlin 0 30 2 * * *", 364),
            ("CRON_TZ=America/New_York 0 30 1 * * *", 365),
            ("CRON_TZ=Australia/Lord_Howe 0 */15 * * * *", 35_038),
        ]
    )
    func year(expression: String, count: Int) throws {
        let expression = try CronExpression(expression)
        let fires = try expression.firesOf2026()
        #expect(fires.count == count)
        for (fire, next) in zip(fires, fires.dropFirst()) {
            guard fire < next, expression.last(through: next.advanced(byMilliseconds: -1)) == fire else {
                Issue.record("\(fire.zulu) is not the fire before \(next.zulu)")
                break
            }
        }
    }

    @Test("a day of an expression for every second has every second")
    func everySecond() throws {
        let expression = try CronExpression("* * * * * *")
        let start = try moment("2026-05-04T00:00:00Z")
        var time = start
        for second in 1...86_400 {
            let fire = try #require(expression.next(after: time))
            guard fire == start.advanced(byMilliseconds: Int64(second) * 1_000) else {
                Issue.record("\(fire.zulu) follows \(time.zulu)")
                break
            }
            time = fire
        }
    }
}
