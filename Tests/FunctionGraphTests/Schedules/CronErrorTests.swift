import FunctionGraph
import Testing

@Suite("What is no cron expression")
struct CronErrorTests {
    @Test(
        "an expression that is wrong is refused with the field, the fault and what would be right",
        arguments: [
            ("", "there is no schedule in it"),
            ("  ", "there is no schedule in it"),
            ("CRON_TZ=UTC", "there is no schedule in it"),
            ("* * * *", "it has 4 fields; it must have 5 or 6"),
            ("* * * * * * *", "it has 7 fields; it must have 5 or 6"),
            ("60 * * * * *", "the second '60' is out of range: it must be 0 to 59"),
            ("* 60 * * * *", "the minute '60' is out of range: it must be 0 to 59"),
            ("* * 24 * * *", "the hour '24' is out of range: it must be 0 to 23"),
            ("* * * 0 * *", "the day of month '0' is out of range: it must be 1 to 31"),
            ("* * * 32 * *", "the day of month '32' is out of range: it must be 1 to 31"),
            ("* * * * 0 *", "the month '0' is out of range: it must be 1 to 12 or JAN to DEC"),
            ("* * * * 13 *", "the month '13' is out of range: it must be 1 to 12 or JAN to DEC"),
            ("* * * * * 7", "the day of week '7' is out of range: it must be 0 to 6 or SUN to SAT"),
            ("* 1,61,2 * * * *", "the minute '61' is out of range"),
            ("61 62 63 64 65 66", "the second '61' is out of range"),
            ("* 0-60 * * * *", "the minute '0-60' is out of range"),
            ("* 99999999999999999999 * * * *", "the minute '99999999999999999999' cannot be read"),
            (
                "? * * * * *",
                "the second '?' is not possible: '?' can only be a day of month or a day of week"
            ),
            ("* * ?/2 * * *", "the hour '?/2' is not possible"),
            ("* * * * ? *", "the month '?' is not possible"),
            ("* 30-10 * * * *", "the minute '30-10' is not possible: a range must not end before it begins"),
            ("* * * * * FRI-MON", "the day of week 'FRI-MON' is not possible"),
            ("* , * * * *", "the minute '' is empty"),
            ("* 1,,2 * * * *", "the minute '' is empty"),
            ("* /5 * * * *", "the minute '/5' is empty"),
            ("* 5- * * * *", "the minute '5-' cannot be read"),
            ("* -5 * * * *", "the minute '-5' cannot be read"),
            ("* 1-2-3 * * * *", "the minute '1-2-3' cannot be read"),
            ("* *-5 * * * *", "the minute '*-5' cannot be read"),
            ("* ** * * * *", "the minute '**' cannot be read"),
            ("* +5 * * * *", "the minute '+5' cannot be read"),
            ("* ٥ * * * *", "the minute '٥' cannot be read"),
            ("* five * * * *", "the minute 'five' cannot be read: it must be 0 to 59, a range a-b"),
            ("* */0 * * * *", "the minute '*/0' has a step that is not possible"),
            ("* */-1 * * * *", "the minute '*/-1' has a step that is not possible"),
            ("* */ * * * *", "the minute '*/' has a step that is not possible"),
            ("* */2/3 * * * *", "the minute '*/2/3' has a step that is not possible"),
            ("* * MON * * *", "the hour 'MON' cannot be read"),
            ("* * * * MON *", "the month 'MON' cannot be read"),
            ("* * * * * monday", "the day of week 'monday' cannot be read"),
            ("* * * L * *", "the day of month 'L' cannot be read"),
            ("* * * 15W * *", "the day of month '15W' cannot be read"),
            ("* * * * * 5#2", "the day of week '5#2' cannot be read"),
            ("@reboot", "'@reboot' is unknown; there are @yearly, @annually"),
            ("@Daily", "'@Daily' is unknown"),
            ("@every 5m", "'@every 5m' is unknown"),
        ]
    )
    func faults(expression: String, reason: String) {
        let refusal = refusal { () throws(FGSError) in try CronExpression(expression) }
        #expect(refusal?.code == .invalidTimerTrigger)
        #expect(
            refusal?.message.hasPrefix("schedule '\(expression)' is not valid: \(reason)") == true,
            "\(refusal)"
        )
    }

    @Test(
        "a zone that is not in the time zone database is refused",
        arguments: [
            "", "Europe/Atlantis", "europe/berlin", "Local", "PST", "IST", "+02:00", "GMT+2", "../UTC",
            "/UTC",
        ]
    )
    func zones(name: String) {
        let refusal = refusal { () throws(FGSError) in try CronExpression("CRON_TZ=\(name) 0 0 8 * * *") }
        #expect(refusal?.code == .invalidTimerTrigger)
        #expect(refusal?.message.contains("the time zone '\(name)' is unknown") == true, "\(refusal)")
    }

    @Test("an error names the setting and has the code that its user gives")
    func setting() {
        let refusal = refusal { () throws(FGSError) in
            try CronExpression("* * * *", setting: "rules[3].cron", or: .invalidParameter)
        }
        #expect(refusal?.code == .invalidParameter)
        #expect(refusal?.message.hasPrefix("rules[3].cron '* * * *' is not valid: it has 4 fields") == true)
    }

    @Test("an error shows no more of a long text than helps")
    func longText() {
        let refusal = refusal { () throws(FGSError) in
            try CronExpression(String(repeating: "7", count: 60_000) + " * * * *")
        }
        #expect((refusal?.message.count ?? .max) < 400)
    }
}
