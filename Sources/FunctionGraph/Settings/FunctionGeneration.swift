import JSON

/// The generation of the service that a function belongs to; its setting is called `type`.
public enum FunctionGeneration: String, Hashable, Sendable, CaseIterable {
    /// The first.
    case v1
    /// The present one, and the default.
    case v2
}

extension FunctionGeneration: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        guard let generation = json.stringValue.flatMap(FunctionGeneration.init(rawValue:)) else {
            throw FGSError(.invalidParameter, "\(setting) must be v1 or v2")
        }
        self = generation
    }

    var json: JSONValue { .string(rawValue) }
}
