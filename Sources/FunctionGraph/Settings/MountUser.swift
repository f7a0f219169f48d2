import JSON

/// Whom mounted file systems are accessed as.
public struct MountUser: Hashable, Sendable {
    /// The user id; -1 means the function's own.
    public let userID: SpelledInteger
    /// The group id; -1 means the function's own.
    public let groupID: SpelledInteger

    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        guard let object = json.objectValue else {
            throw FGSError(
                .invalidMountUser, "\(setting) is required: user_id and user_group_id, -1 for the default")
        }
        userID = try Self.id(object["user_id"], of: "\(setting).user_id")
        groupID = try Self.id(object["user_group_id"], of: "\(setting).user_group_id")
    }

    var json: JSONValue { ["user_id": userID.json, "user_group_id": groupID.json] }

    private static func id(_ json: JSONValue?, of setting: String) throws(FGSError) -> SpelledInteger {
        guard let id = SpelledInteger(json ?? .null), -1...65_534 ~= id.value,
            ![0, 1_000, 1_002].contains(id.value)
        else {
            throw FGSError(
                .invalidMountUser,
                "\(setting) must be an integer between -1 and 65534, but not 0, 1000 or 1002"
            )
        }
        return id
    }
}
