import JSON

/// The dependency versions that a function uses, by their ids, in the order in which they are unpacked.
public struct DependencyList: Hashable, Sendable {
    /// How many a function may use (user manual).
    public static let maximumCount = 20
    /// None.
    public static let none = DependencyList(ids: [])

    /// The ids.
    public let ids: [String]

    private init(ids: [String]) { self.ids = ids }
}

extension DependencyList: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        let members = try json.array(of: setting, or: .invalidDependency)
        guard members.count <= Self.maximumCount else {
            throw FGSError(
                .invalidDependency,
                "\(setting) has \(members.count) entries; a function may use \(Self.maximumCount) dependencies"
            )
        }
        var ids: [String] = []
        for member in members {
            guard let id = member.stringValue, 1...64 ~= id.utf8.count else {
                throw FGSError(
                    .invalidDependency, "\(setting) must list ids of dependency versions as strings")
            }
            ids.append(id)
        }
        self.init(ids: ids)
    }

    var json: JSONValue { .array(ids.map(JSONValue.string)) }
}
