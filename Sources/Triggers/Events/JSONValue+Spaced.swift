import JSON

extension JSONValue {
    /// The text with a blank after each colon and each comma between members, as databases write documents.
    var spacedText: String {
        switch self {
        case .array(let members): "[\(members.map(\.spacedText).joined(separator: ", "))]"
        case .object(let members):
            "{\(members.map { "\(JSONValue.string($0).text): \($1.spacedText)" }.joined(separator: ", "))}"
        case .null, .bool, .number, .string: text
        }
    }
}
