import FunctionGraph

extension CronExpression {
    /// The first fires after a moment, in the time of the expression's zone.
    func fires(after text: String, count: Int) throws -> [String] {
        var time = try moment(text)
        var fires: [String] = []
        while fires.count < count, let fire = next(after: time), fire > time {
            fires.append(fire.rfc3339(utcOffset: utcOffset(at: fire)))
            time = fire
        }
        return fires
    }

    /// All fires in the year 2026 of UTC.
    func firesOf2026() throws -> [Timestamp] {
        var time = try moment("2025-12-31T23:59:59Z")
        let end = try moment("2027-01-01T00:00:00Z")
        var fires: [Timestamp] = []
        while let fire = next(after: time), time < fire, fire < end {
            fires.append(fire)
            time = fire
        }
        return fires
    }
}
