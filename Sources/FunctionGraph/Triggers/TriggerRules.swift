import JSON

/// What the API reference says about one type of triggers: a row of the table of types. `Rules/` has the rows.
struct TriggerRules: Sendable {
    typealias Check = @Sendable (JSONObject) throws(FGSError) -> Void

    /// The members of `event_data` that are known. Unknown ones are kept and given back.
    let members: [TriggerMember]
    /// What more must be true of `event_data`, once each member by itself is right.
    let check: Check?
    /// What makes two triggers of the type get into each other's way.
    let identity: TriggerIdentity
    /// The members of `event_data` that answers add.
    let answers: [TriggerAnswerMember]
    /// The code for wrong members.
    let invalidCode: ErrorCode
    /// The code for a trigger that does not exist.
    let notFoundCode: ErrorCode
    /// The status of a new trigger that does not ask for one (API reference: document databases and Kafka start
    /// `DISABLED`; user manual: the other queues do too).
    let defaultStatus: TriggerStatus
    /// Whether it can be `DISABLED` (API reference and user manual).
    let canBeDisabled: Bool
    /// Whether the platform fetches what triggers it.
    let isPull: Bool

    /// A type that the platform is told about by the source.
    static func push(
        members: [TriggerMember],
        check: Check? = nil,
        identity: TriggerIdentity,
        answers: [TriggerAnswerMember] = [],
        invalid: ErrorCode = .invalidParameter,
        notFound: ErrorCode = .triggerNotFound,
        canBeDisabled: Bool = false
    ) -> TriggerRules {
        TriggerRules(
            members: members,
            check: check,
            identity: identity,
            answers: answers,
            invalidCode: invalid,
            notFoundCode: notFound,
            defaultStatus: .active,
            canBeDisabled: canBeDisabled,
            isPull: false
        )
    }

    /// A type whose source the platform asks for news. It can always be disabled.
    static func pull(
        members: [TriggerMember],
        check: Check? = nil,
        identity: TriggerIdentity,
        answers: [TriggerAnswerMember] = [],
        invalid: ErrorCode = .invalidParameter,
        notFound: ErrorCode = .triggerNotFound,
        startsAs defaultStatus: TriggerStatus
    ) -> TriggerRules {
        TriggerRules(
            members: members,
            check: check,
            identity: identity,
            answers: answers,
            invalidCode: invalid,
            notFoundCode: notFound,
            defaultStatus: defaultStatus,
            canBeDisabled: true,
            isPull: true
        )
    }

    /// A check that some members are there where a flag asks for them.
    static func requiring(_ members: String..., with flag: String, or code: ErrorCode) -> Check {
        { data throws(FGSError) in
            guard data[flag] == true else { return }
            for member in members where data.string(member).isEmpty {
                throw FGSError(code, "event_data.\(member) is required with \(flag)")
            }
        }
    }
}

extension TriggerType {
    /// The type's row.
    var rules: TriggerRules {
        switch self {
        case .timer: .timer
        case .apig: .apig
        case .dedicatedGateway: .dedicatedGateway
        case .cts: .cts
        case .dds: .dds
        case .dms: .dms
        case .lts: .lts
        case .kafka: .kafka
        case .openSourceKafka: .openSourceKafka
        case .obs: .obs
        case .smn: .smn
        case .rocketMQ: .rocketMQ
        case .dis: .dis
        case .rabbitMQ: .rabbitMQ
        }
    }
}
