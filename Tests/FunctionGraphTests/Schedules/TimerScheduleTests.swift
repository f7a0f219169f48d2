import FunctionGraph
import Testing

@Suite("The schedule of a timer trigger")
struct TimerScheduleTests {
    @Test(
        "a schedule type in another spelling is refused",
        arguments: ["rate", "CRON", "", "Interval", "Rate "]
    )
    func types(type: String) {
        let refusal = refusal { () throws(FGSError) in try TimerSchedule(type: type, schedule: "3m") }
        #expect(
            refusal
                == FGSError(
                    .invalidTimerTrigger,
                    "schedule_type '\(type)' is not valid: it must be Rate or Cron"
                )
        )
    }

    @Test(
        "a rate is a whole number of minutes, hours or days in its range",
        arguments: [
            "", "m", "3", "0m", "61m", "0h", "25h", "0d", "31d", "3s", "3M", "1.5h", "-3m", "+3m", " 3m",
            "3 m", "3m ",
            "1h30m", "100m", "99999999999999999999m", "٣m", "@every 3m",
        ]
    )
    func rateFaults(text: String) {
        let refusal = refusal { () throws(FGSError) in try TimerSchedule(type: "Rate", schedule: text) }
        #expect(
            refusal
                == FGSError(
                    .invalidTimerTrigger,
                    "schedule '\(text)' is not valid: a rate must be 1m to 60m, 1h to 24h or 1d to 30d"
                )
        )
    }

    @Test(
        "@every needs a duration of the Go language, without a sign, of less than 292 years",
        arguments: [
            ("@every", "the duration '' cannot be read"),
            ("@every ", "the duration '' cannot be read"),
            ("@every 5", "the duration '5' cannot be read"),
            ("@every m", "the duration 'm' cannot be read"),
            ("@every .m", "the duration '.m' cannot be read"),
            ("@every 1.5.5h", "the duration '1.5.5h' cannot be read"),
            ("@every 1d", "the duration '1d' cannot be read"),
            ("@every 5M", "the duration '5M' cannot be read"),
            ("@every -5m", "the duration '-5m' cannot be read"),
            ("@every +5m", "the duration '+5m' cannot be read"),
            ("@every 5 m", "the duration '5 m' cannot be read"),
            ("@every 5m 3s", "the duration '5m 3s' cannot be read"),
            ("@every 1e3s", "the duration '1e3s' cannot be read"),
            ("@every 2562048h", "the duration '2562048h' is too long"),
            ("@every 9223372036854775808ns", "the duration '9223372036854775808ns' is too long"),
            ("@every 99999999999999999999ns", "the duration '99999999999999999999ns' is too long"),
            ("@every2h", "it must begin with '@every '"),
            ("CRON_TZ=Nowhere/Else @every 2h", "the time zone 'Nowhere/Else' is unknown"),
        ]
    )
    func everyFaults(text: String, reason: String) {
        for refusal in [
            refusal { () throws(FGSError) in try TimerSchedule(type: "Cron", schedule: text) },
            refusal { () throws(FGSError) in try EverySchedule(text) },
        ] {
            #expect(refusal?.code == .invalidTimerTrigger)
            #expect(
                refusal?.message.hasPrefix("schedule '\(text)' is not valid: \(reason)") == true,
                "\(refusal)"
            )
        }
    }

    @Test("a type takes its own language only")
    func languages() {
        #expect(
            refusal { () throws(FGSError) in try TimerSchedule(type: "Cron", schedule: "3m") }?.code
                == .invalidTimerTrigger
        )
        #expect(
            refusal { () throws(FGSError) in try TimerSchedule(type: "Rate", schedule: "0 * * * * *") }?.code
                == .invalidTimerTrigger
        )
    }

    @Test(
        "rates have the length of their unit",
        arguments: [
            ("1m", 60), ("60m", 3_600), ("24h", 86_400), ("1d", 86_400), ("30d", 2_592_000), ("03m", 180),
        ]
    )
    func rates(text: String, seconds: Int) throws {
        #expect(try RateSchedule(text).seconds == seconds)
        #expect(try RateSchedule(text).description == text)
    }

    @Test(
        "durations are added up and cut to whole seconds, of which there is at least one",
        arguments: [
            ("30m", 1_800), ("1.5h", 5_400), ("2h30m", 9_000), ("1h1m1s", 3_661), (".5m", 30), ("1.m", 60),
            ("90s", 90), ("1.999999999s", 1), ("1s999ms1000us", 2), ("2500ms", 2), ("999ms", 1), ("1ns", 1),
            ("0s", 1),
            ("5us", 1), ("5µs", 1), ("5μs", 1), ("1000000µs1000000μs", 2), ("30s30s", 60),
            ("0.3333333333333333333h", 1_199), ("0.0005555555556h", 2), ("0.00055555555555555555555h", 1),
            ("2562047h", 9_223_369_200),
            ("9223372036854775807ns", 9_223_372_036),
        ]
    )
    func durations(text: String, seconds: Int) throws {
        #expect(try EverySchedule("@every \(text)").seconds == seconds)
        #expect(try EverySchedule(" CRON_TZ=Asia/Tokyo  @every   \(text) ").seconds == seconds)
    }

    @Test(
        "intervals count from the second of the activation, however late somebody asks",
        arguments: [("Rate", "3m"), ("Cron", "@every 3m"), ("Cron", "@every 179.5s500ms")]
    )
    func intervals(type: String, text: String) throws {
        let schedule = try TimerSchedule(type: type, schedule: text)
        let activation = try moment("2026-05-04T10:00:01.700Z")
        for (time, expected) in [
            ("2026-05-04T09:00:00Z", "2026-05-04T10:03:01Z"),
            ("2026-05-04T10:00:01.700Z", "2026-05-04T10:03:01Z"),
            ("2026-05-04T10:03:00.999Z", "2026-05-04T10:03:01Z"),
            ("2026-05-04T10:03:01Z", "2026-05-04T10:06:01Z"),
            ("2026-05-04T10:05:59Z", "2026-05-04T10:06:01Z"),
            ("2036-05-04T10:03:01.001Z", "2036-05-04T10:06:01Z"),
        ] {
            #expect(try schedule.next(after: moment(time), activatedAt: activation) == moment(expected))
        }
    }

    @Test("a year of three-minute fires does not drift")
    func drift() throws {
        let schedule = try TimerSchedule(type: "Rate", schedule: "3m")
        let activation = try moment("2026-05-04T10:00:01.700Z")
        var time = activation
        for count in 1...175_200 {
            let fire = try #require(schedule.next(after: time, activatedAt: activation))
            guard fire.seconds == activation.seconds + Int64(count) * 180 else {
                Issue.record("fire \(count) is at \(fire.zulu)")
                break
            }
            // Whoever waits for it is late by up to the distance between two fires.
            time = fire.advanced(byMilliseconds: Int64(count % 180) * 1_000)
        }
    }

    @Test("an interval beyond the calendar never ends")
    func endOfTime() throws {
        let schedule = try TimerSchedule(type: "Cron", schedule: "@every 2562047h")
        let time = try moment("9900-01-01T00:00:00Z")
        #expect(schedule.next(after: time, activatedAt: time) == nil)
        let first = try TimerSchedule(type: "Rate", schedule: "30d")
        #expect(first.next(after: Timestamp(milliseconds: .max), activatedAt: time) == nil)
    }

    @Test("a cron expression does not fire before its trigger is active")
    func cronActivation() throws {
        let schedule = try TimerSchedule(type: "Cron", schedule: "0 0 * * * *")
        let activation = try moment("2026-05-04T10:30:00Z")
        let fire = try moment("2026-05-04T11:00:00Z")
        #expect(try schedule.next(after: moment("2026-05-04T08:00:00Z"), activatedAt: activation) == fire)
        #expect(
            schedule.next(after: fire, activatedAt: activation) == fire.advanced(byMilliseconds: 3_600_000)
        )
    }

    @Test(
        "the time of an event is in the zone of the schedule",
        arguments: [
            (
                "Cron", "CRON_TZ=Europe/Berlin 0 0 8 * * *", "2026-05-04T06:00:00Z",
                "2026-05-04T08:00:00+02:00"
            ),
            (
                "Cron", "CRON_TZ=Europe/Berlin 0 0 8 * * *", "2026-12-04T07:00:00Z",
                "2026-12-04T08:00:00+01:00"
            ),
            (
                "Cron", "CRON_TZ=America/New_York 0 0 20 * * *", "2026-01-01T01:00:00Z",
                "2025-12-31T20:00:00-05:00"
            ),
            ("Cron", "CRON_TZ=Asia/Shanghai @every 30m", "2018-06-01T00:30:00Z", "2018-06-01T08:30:00+08:00"),
            ("Cron", "0 0 6 * * *", "2026-05-04T06:00:00Z", "2026-05-04T06:00:00+00:00"),
            ("Cron", "@every 1h", "2026-05-04T06:00:00Z", "2026-05-04T06:00:00+00:00"),
            ("Rate", "1h", "2026-05-04T06:00:00Z", "2026-05-04T06:00:00+00:00"),
        ]
    )
    func eventTime(type: String, text: String, fire: String, expected: String) throws {
        let schedule = try TimerSchedule(type: type, schedule: text)
        #expect(try schedule.eventTime(of: moment(fire)) == expected)
        #expect(schedule.type.rawValue == type)
        #expect(schedule.text == text)
    }
}
