import JSON

/// Whether a trigger fires.
public enum TriggerStatus: String, Hashable, Sendable, CaseIterable {
    /// It does.
    case active = "ACTIVE"
    /// It does not.
    case disabled = "DISABLED"

    /// Reads `trigger_status` of a request.
    ///
    /// - Returns: nil if the request does not name one.
    /// - Throws: `FGSError` `.invalidParameter` for a status that does not exist, `.invalidTriggerOperation` for
    ///   `DISABLED` where a trigger of this type cannot be (API reference, FSS.1318).
    init?(_ json: JSONValue?, for type: TriggerType) throws(FGSError) {
        guard let json, !json.isEmpty else { return nil }
        guard let status = json.stringValue.flatMap(TriggerStatus.init(rawValue:)) else {
            throw FGSError(.invalidParameter, "trigger_status must be ACTIVE or DISABLED")
        }
        guard status == .active || type.canBeDisabled else {
            throw FGSError(
                .invalidTriggerOperation,
                "a trigger of type \(type.rawValue) cannot be disabled; delete it instead"
            )
        }
        self = status
    }
}
