import JSON

/// The container image of a function.
public struct CustomImage: Hashable, Sendable {
    /// The image's address; nil if the function has none.
    public let image: String?
    /// All members as they were sent.
    private let members: JSONObject
}

extension CustomImage: SettingValue {
    private static let texts = ["image", "command", "args", "working_dir", "uid", "gid"]

    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        let object = try json.object(of: setting)
        var members = JSONObject()
        // The Go SDK sends `enabled` under the name of its type.
        if let enabled = object["enabled"] ?? object["bool"], !enabled.isNull {
            members["enabled"] = try Bool(enabled, of: "\(setting).enabled").json
        }
        for key in Self.texts { members[key] = try object.text(key, in: setting)?.json }
        let image = members["image"]?.stringValue
        if let image {
            guard image.utf8.count <= 512,
                image.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
            else {
                throw FGSError(.invalidImage, "\(setting).image must be an image's address without blanks")
            }
        }
        self.init(image: image, members: members)
    }

    var json: JSONValue { .object(members) }
}
