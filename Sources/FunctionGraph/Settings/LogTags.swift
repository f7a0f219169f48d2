import JSON

/// The tags that a function's log lines carry (`lts_custom_tag`).
public struct LogTags: Hashable, Sendable {
    /// How many tags there may be (user manual).
    public static let maximumCount = 10

    /// The tags: strings by key.
    public let tags: JSONObject
}

extension LogTags: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        let object = try json.object(of: setting)
        guard object.count <= Self.maximumCount else {
            throw FGSError(
                .invalidParameter,
                "\(setting) has \(object.count) tags; at most \(Self.maximumCount) are allowed"
            )
        }
        for (key, value) in object where !Self.isTag(key) || !Self.isTag(value.stringValue ?? "") {
            throw FGSError(
                .invalidParameter,
                "\(setting) '\(key.prefix(80))': key and value must have 1 to 64 letters, digits, '_' and '-'"
            )
        }
        tags = object
    }

    var json: JSONValue { .object(tags) }

    private static func isTag(_ text: String) -> Bool {
        1...64 ~= text.unicodeScalars.count
            && text.unicodeScalars.allSatisfy {
                $0.isASCIILetter || $0.isASCIIDigit || $0 == "_" || $0 == "-"
            }
    }
}
