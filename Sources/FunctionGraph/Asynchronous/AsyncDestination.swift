import JSON

/// Where the outcome of an asynchronous invocation is sent.
public struct AsyncDestination: Hashable, Sendable {
    /// The kinds of destinations.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// An object in a bucket.
        case objectStorage = "OBS"
        /// A message to a topic.
        case notification = "SMN"
        /// An asynchronous invocation of another function.
        case function = "FunctionGraph"
    }

    /// What kind it is.
    public let kind: Kind
    /// Where exactly: a JSON object as text, kept as it came.
    public let parameter: String
    /// The members of it.
    public let members: JSONObject

    init?(_ json: JSONValue?, of setting: String) throws(FGSError) {
        guard let json, !json.isEmpty else { return nil }
        let object = try json.object(of: setting)
        // Clients send an object of empty texts for "none".
        guard object.values.contains(where: { !$0.isEmpty }) else { return nil }
        guard let kind = object["destination"]?.stringValue.flatMap(Kind.init(rawValue:)) else {
            throw FGSError(
                .invalidParameter,
                "\(setting).destination must be one of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        let parameter = try (object["param"] ?? "{}").text(of: "\(setting).param", or: .invalidParameter)
        guard let members = (try? JSONValue(parsing: parameter))?.objectValue else {
            throw FGSError(.invalidParameter, "\(setting).param must be a JSON object written as a string")
        }
        self.kind = kind
        self.parameter = parameter
        self.members = members
        try check(setting)
    }

    /// Makes sure that it can be delivered to.
    private func check(_ setting: String) throws(FGSError) {
        let name =
            switch kind {
            case .objectStorage: "bucket"
            case .notification: "topic_urn"
            case .function: "func_urn"
            }
        guard let text = members[name]?.stringValue, !text.isEmpty else {
            throw FGSError(
                .invalidParameter, "\(setting).param must have \(name), for the destination \(kind.rawValue)")
        }
        if kind == .objectStorage, let expires = members["expires"] {
            guard let days = expires.integerValue, 0...365 ~= days else {
                throw FGSError(
                    .invalidParameter, "\(setting).param: expires must be 0 to 365 (days; 0 for never)")
            }
        }
    }

    var json: JSONValue { ["destination": .string(kind.rawValue), "param": .string(parameter)] }
}
