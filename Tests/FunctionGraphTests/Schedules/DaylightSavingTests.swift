import Foundation
import FunctionGraph
import Testing

@Suite("What a schedule does when clocks change")
struct DaylightSavingTests {
    /// Times are those of the zone; the hour that is left out, or repeated, is named beside each group.
    @Test(
        "each time that clocks show fires once, when they show it first",
        arguments: [
            // Berlin, put forward: 02:00 to 03:00 is left out on March 29.
            (
                "Europe/Berlin", "0 30 2 * * *", "2026-03-27T12:00:00Z",
                ["2026-03-28T02:30:00+01:00", "2026-03-30T02:30:00+02:00"]
            ),
            (
                "Europe/Berlin", "0 30 1-3 * * *", "2026-03-29T00:00:00Z",
                ["2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00", "2026-03-30T01:30:00+02:00"]
            ),
            (
                "Europe/Berlin", "0 */20 * * * *", "2026-03-29T00:20:00Z",
                ["2026-03-29T01:40:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T03:20:00+02:00"]
            ),
            (
                "Europe/Berlin", "59,0 59,0 1-3 29 3 ?", "2026-03-29T00:59:00Z",
                ["2026-03-29T01:59:59+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T03:00:59+02:00"]
            ),
            ("Europe/Berlin", "0 30 2 29 3 ?", "2026-01-01T00:00:00Z", ["2027-03-29T02:30:00+02:00"]),
            // Berlin, put back: 02:00 to 03:00 is shown twice on October 25.
            (
                "Europe/Berlin", "0 30 2 * * *", "2026-10-24T12:00:00Z",
                ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"]
            ),
            (
                "Europe/Berlin", "0 0 * * * *", "2026-10-24T23:00:00Z",
                ["2026-10-25T02:00:00+02:00", "2026-10-25T03:00:00+01:00", "2026-10-25T04:00:00+01:00"]
            ),
            (
                "Europe/Berlin", "0 * * * * *", "2026-10-25T00:58:30Z",
                ["2026-10-25T02:59:00+02:00", "2026-10-25T03:00:00+01:00", "2026-10-25T03:01:00+01:00"]
            ),
            ("Europe/Berlin", "* * * * * *", "2026-10-25T01:20:00Z", ["2026-10-25T03:00:00+01:00"]),
            // New York, put forward: 02:00 to 03:00 is left out on March 8.
            (
                "America/New_York", "0 30 2 * * *", "2026-03-07T12:00:00Z",
                ["2026-03-09T02:30:00-04:00", "2026-03-10T02:30:00-04:00"]
            ),
            (
                "America/New_York", "0 0 * * * *", "2026-03-08T05:30:00Z",
                ["2026-03-08T01:00:00-05:00", "2026-03-08T03:00:00-04:00"]
            ),
            // New York, put back: 01:00 to 02:00 is shown twice on November 1.
            (
                "America/New_York", "0 30 1 * * *", "2026-10-31T12:00:00Z",
                ["2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"]
            ),
            (
                "America/New_York", "0 */30 * * * *", "2026-11-01T05:00:00Z",
                ["2026-11-01T01:30:00-04:00", "2026-11-01T02:00:00-05:00", "2026-11-01T02:30:00-05:00"]
            ),
            // Lord Howe, put back by half an hour: 01:30 to 02:00 is shown twice on April 5.
            (
                "Australia/Lord_Howe", "0 45 1 * * *", "2026-04-04T12:00:00Z",
                ["2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"]
            ),
            (
                "Australia/Lord_Howe", "0 */15 * * * *", "2026-04-04T14:20:00Z",
                ["2026-04-05T01:30:00+11:00", "2026-04-05T01:45:00+11:00", "2026-04-05T02:00:00+10:30"]
            ),
            // Lord Howe, put forward by half an hour: 02:00 to 02:30 is left out on October 4.
            (
                "Australia/Lord_Howe", "0 15 2 * * *", "2026-10-02T12:00:00Z",
                ["2026-10-03T02:15:00+10:30", "2026-10-05T02:15:00+11:00"]
            ),
            (
                "Australia/Lord_Howe", "0 */15 * * * *", "2026-10-03T15:10:00Z",
                ["2026-10-04T01:45:00+10:30", "2026-10-04T02:30:00+11:00", "2026-10-04T02:45:00+11:00"]
            ),
            // Cairo's day has no first hour on April 24.
            (
                "Africa/Cairo", "@daily", "2026-04-22T12:00:00Z",
                ["2026-04-23T00:00:00+02:00", "2026-04-25T00:00:00+03:00"]
            ),
            // Apia has left out a whole day.
            (
                "Pacific/Apia", "0 0 12 * * *", "2011-12-29T12:00:00Z",
                ["2011-12-29T12:00:00-10:00", "2011-12-31T12:00:00+14:00"]
            ),
        ]
    )
    func table(zone: String, fields: String, after: String, expected: [String]) throws {
        let expression = try CronExpression("CRON_TZ=\(zone) \(fields)")
        #expect(try expression.fires(after: after, count: expected.count) == expected)
        for (fire, next) in zip(expected, expected.dropFirst()) {
            #expect(try expression.last(through: moment(next).advanced(byMilliseconds: -1)) == moment(fire))
        }
    }

    @Test(
        "around a change, fires are what watching the clock second by second finds",
        arguments: [
            ("Europe/Berlin", "2026-03-29T01:00:00Z"), ("Europe/Berlin", "2026-10-25T01:00:00Z"),
            ("America/New_York", "2026-03-08T07:00:00Z"), ("America/New_York", "2026-11-01T06:00:00Z"),
            ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"), ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
            ("America/St_Johns", "2026-03-08T05:30:00Z"), ("America/St_Johns", "2026-11-01T04:30:00Z"),
            ("Africa/Casablanca", "2026-02-15T02:00:00Z"), ("Africa/Casablanca", "2026-03-22T02:00:00Z"),
            ("Europe/Dublin", "2026-10-25T01:00:00Z"), ("Pacific/Apia", "2011-12-30T10:00:00Z"),
        ]
    )
    func clockWatching(zone: String, change: String) throws {
        let clocks = try #require(TimeZone(identifier: zone))
        let change = try moment(change).seconds
        let range = change - 7_200..<change + 7_200
        var random = SeededGenerator(seed: 2_026)
        for _ in 0..<4 {
            let hours = (0..<24).filter { $0 == 2 || Bool.random(using: &random) }
            let minutes = (0..<60).filter { $0 == 30 || Int.random(in: 0..<6, using: &random) == 0 }
            let seconds = (0..<60).filter { $0 == 0 || Int.random(in: 0..<10, using: &random) == 0 }
            let fields = [seconds, minutes, hours].map { $0.map(String.init).joined(separator: ",") }
            let expression = try CronExpression("CRON_TZ=\(zone) \(fields.joined(separator: " ")) * *")
            var shown: Set<Int64> = []
            var watched: [Int64] = []
            for moment in range {
                let offset = clocks.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment)))
                let shownTime = moment + Int64(offset)
                guard shown.insert(shownTime).inserted else { continue }
                let ofDay = Int(((shownTime % 86_400) + 86_400) % 86_400)
                if hours.contains(ofDay / 3_600), minutes.contains(ofDay / 60 % 60),
                    seconds.contains(ofDay % 60)
                {
                    watched.append(moment)
                }
            }
            var found: [Int64] = []
            var time = Timestamp(seconds: range.lowerBound - 1)
            while let fire = expression.next(after: time), fire > time, range.contains(fire.seconds) {
                found.append(fire.seconds)
                time = fire
            }
            #expect(found == watched, "\(expression)")
        }
    }
}
