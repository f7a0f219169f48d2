import JSON

/// One rule of `tactics_config`: from each time that its cron expression fires, a function wants so many reserved
/// instances, as long as the rule is valid.
public struct CronConfig: Hashable, Sendable {
    /// What a rule may want; the console's form ends at 1000.
    public static let countRange = 0...1_000

    /// The rule's name; clients may leave it out.
    public let name: String?
    /// When the number is wanted, in UTC.
    public let cron: CronExpression
    /// How many instances are wanted then.
    public let count: Int
    /// When the rule becomes valid; nil if it always was.
    public let start: Timestamp?
    /// When it is not valid any more; nil if it always will be.
    public let expiry: Timestamp?

    /// Reads a rule.
    ///
    /// - Parameter setting: where it stands, for the text of the error.
    /// - Throws: `FGSError` `.invalidParameter` for the first fault.
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        let object = try json.object(of: setting)
        name = try object.text("name", in: setting)
        guard let cron = try object.text("cron", in: setting) else {
            throw FGSError(.invalidParameter, "\(setting).cron is required")
        }
        self.cron = try CronExpression(cron, setting: "\(setting).cron", or: .invalidParameter)
        guard self.cron.zone.isUTC else {
            throw FGSError(
                .invalidParameter,
                "\(setting).cron '\(cron.prefix(80))' is read as UTC; it cannot have another time zone"
            )
        }
        count = try (object["count"] ?? .null)
            .integer(of: "\(setting).count", in: Self.countRange, or: .invalidParameter)
        start = try Self.moment("start_time", of: object, in: setting)
        expiry = try Self.moment("expired_time", of: object, in: setting)
        if let start, let expiry, start >= expiry {
            throw FGSError(
                .invalidParameter,
                "\(setting).expired_time \(expiry.seconds) must be after start_time \(start.seconds)"
            )
        }
    }

    /// The last fire up to and including `time`, if it and `time` are in the rule's validity: the moment since which
    /// the number is wanted.
    func fire(inForceAt time: Timestamp) -> Timestamp? {
        if let expiry, time >= expiry { return nil }
        guard let fire = cron.last(through: time) else { return nil }
        if let start, fire < start { return nil }
        return fire
    }

    /// The first fire after `time` in the rule's validity.
    func nextFire(after time: Timestamp) -> Timestamp? {
        // A fire at the very start counts.
        let eve = start.map { max(time, $0.advanced(byMilliseconds: -1)) } ?? time
        guard let fire = cron.next(after: eve) else { return nil }
        if let expiry, fire >= expiry { return nil }
        return fire
    }

    /// A moment in seconds since the beginning of 1970. Clients that cannot leave a number out send 0 for none.
    private static func moment(
        _ key: String,
        of object: JSONObject,
        in setting: String
    ) throws(FGSError) -> Timestamp? {
        guard let value = object[key], !value.isNull, value != 0 else { return nil }
        let seconds = try value.integer(
            of: "\(setting).\(key)",
            in: 0...Int(Timestamp.lastWritable.seconds),
            or: .invalidParameter
        )
        return Timestamp(seconds: Int64(seconds))
    }
}
