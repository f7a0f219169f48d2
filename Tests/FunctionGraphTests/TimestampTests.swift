import FunctionGraph
import Testing

@Suite("How a moment is written with an offset")
struct TimestampTests {
    @Test(
        "the offset moves the time and stands behind it",
        arguments: [
            (0, "2026-01-01T00:30:15+00:00"),
            (7_200, "2026-01-01T02:30:15+02:00"),
            (20_700, "2026-01-01T06:15:15+05:45"),
            (-12_600, "2025-12-31T21:00:15-03:30"),
            (50_400, "2026-01-01T14:30:15+14:00"),
        ]
    )
    func offsets(seconds: Int, expected: String) throws {
        let time = try moment("2026-01-01T00:30:15.999Z")
        #expect(time.rfc3339(utcOffset: seconds) == expected)
        #expect(try moment(expected).seconds == time.seconds)
    }

    /// Monrovia was 44 minutes and 30 seconds behind UTC until 1972.
    @Test("an offset with seconds is cut to minutes without moving the moment", arguments: [-2_670, 2_670])
    func offsetsWithSeconds(seconds: Int) throws {
        let time = try moment("1971-06-01T12:00:00Z")
        let text = time.rfc3339(utcOffset: seconds)
        #expect(text == (seconds < 0 ? "1971-06-01T11:16:00-00:44" : "1971-06-01T12:44:00+00:44"))
        #expect(try moment(text) == time)
    }
}
