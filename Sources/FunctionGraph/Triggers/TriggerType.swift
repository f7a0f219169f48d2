import JSON

/// The kinds of triggers. All of them can be stored; what each one asks for stands in `TriggerRules`.
public enum TriggerType: String, Hashable, Sendable, CaseIterable {
    /// A schedule.
    case timer = "TIMER"
    /// An API of the shared gateway.
    case apig = "APIG"
    /// An API of a gateway of one's own.
    case dedicatedGateway = "DEDICATEDGATEWAY"
    /// Cloud Trace Service: operations on resources.
    case cts = "CTS"
    /// Document Database Service: changes of a collection.
    case dds = "DDS"
    /// A queue of the old Distributed Message Service.
    case dms = "DMS"
    /// Log Tank Service: a stream of logs.
    case lts = "LTS"
    /// A managed Kafka.
    case kafka = "KAFKA"
    /// A Kafka of one's own.
    case openSourceKafka = "OPENSOURCEKAFKA"
    /// Object Storage Service: a bucket.
    case obs = "OBS"
    /// Simple Message Notification: a topic.
    case smn = "SMN"
    /// A managed RocketMQ.
    case rocketMQ = "ROCKETMQ"
    /// Data Ingestion Service: a stream. Only clients know it.
    case dis = "DIS"
    /// A managed RabbitMQ. Only clients know it.
    case rabbitMQ = "RABBITMQ"

    /// Takes `trigger_type_code` of a request's body, in upper or lower case.
    ///
    /// - Throws: `FGSError` `.invalidTriggerType` if it is missing or does not exist.
    public init(_ json: JSONValue?) throws(FGSError) {
        guard let json, !json.isEmpty else {
            throw FGSError(.invalidTriggerType, "trigger_type_code is required")
        }
        self = try Self.named(
            try json.text(of: "trigger_type_code", or: .invalidTriggerType),
            or: .invalidTriggerType
        )
    }

    /// Takes the type that stands in a path, in upper or lower case.
    ///
    /// - Throws: `FGSError` `.triggerTypeNotFound` for one that does not exist.
    public init(path segment: String) throws(FGSError) {
        self = try Self.named(segment, or: .triggerTypeNotFound)
    }

    private static func named(_ text: String, or code: ErrorCode) throws(FGSError) -> TriggerType {
        guard let type = TriggerType(rawValue: text.uppercased()) else {
            throw FGSError(
                code,
                "trigger type '\(text.prefix(80))' does not exist; the types are "
                    + allCases.map(\.rawValue).joined(separator: ", ")
            )
        }
        return type
    }

    /// Whether it is an API of a gateway.
    public var isGateway: Bool { self == .apig || self == .dedicatedGateway }

    /// The status of a new trigger that does not ask for one.
    public var defaultStatus: TriggerStatus { rules.defaultStatus }

    /// Whether it can be `DISABLED`. The others can only be deleted.
    public var canBeDisabled: Bool { rules.canBeDisabled }

    /// Whether the platform fetches what triggers it. Such triggers have a quota of their own.
    public var isPull: Bool { rules.isPull }

    /// The code for a trigger of this type that does not exist.
    public var notFoundCode: ErrorCode { rules.notFoundCode }

    /// The code for one whose source has such a trigger already. Where the API reference tells several cases
    /// apart, as for buckets, it is that of the plainest.
    public var existsCode: ErrorCode { rules.identity.code }

    /// Checks that a function may have such a trigger: one that serves HTTP is only for gateways (user manual).
    ///
    /// - Throws: `FGSError` `.invalidTriggerType` if not.
    public func check(for runtime: RuntimeLabel) throws(FGSError) {
        guard runtime.family != .http || isGateway else {
            throw FGSError(
                .invalidTriggerType,
                "a function of the runtime \(runtime.rawValue) cannot have a \(rawValue) trigger, only APIG and "
                    + "DEDICATEDGATEWAY ones"
            )
        }
    }
}
