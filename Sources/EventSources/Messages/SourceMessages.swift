import FunctionGraph
import FunctionStore
import JSON

/// What a source of events has to say, as somebody gave it to the emulator: it knows which triggers it is for, and
/// what their functions are given.
protocol SourceMessages: Sendable {
    /// Reads the body of a request.
    ///
    /// - Throws: `FGSError` for the first member that is missing or wrong.
    init(_ body: JSONObject, of type: TriggerType) throws(FGSError)

    /// The members that a trigger's `event_data` suggests for a body that leaves them out: where the messages come
    /// from, and a message.
    static func suggestions(of data: JSONObject, _ type: TriggerType) -> JSONObject

    /// Whether a trigger with this `event_data` listens to where the messages come from.
    func concern(_ data: JSONObject) -> Bool

    /// The events of a trigger: one for each invocation.
    func events(for bound: FunctionStore.BoundTrigger, in context: SourceContext) -> [SourceEvent]
}

extension TriggerType {
    /// How the messages of the type's source are read; nil where nothing sends any.
    var messages: (any SourceMessages.Type)? {
        switch self {
        case .smn: TopicMessages.self
        case .cts: OperationTraces.self
        case .dds: DocumentChanges.self
        case .lts: LogLines.self
        case .dis: StreamRecords.self
        case .obs: ObjectNotices.self
        case .kafka, .openSourceKafka, .rocketMQ, .rabbitMQ: BrokerMessages.self
        case .timer, .apig, .dedicatedGateway, .dms: nil
        }
    }
}
