import JSON

/// The file systems of a function. The Python SDK sends a user without mounts, so that is accepted.
public struct MountConfig: Hashable, Sendable {
    /// How many mounts a function may have.
    public static let maximumCount = 5

    /// Whom files are accessed as.
    public let user: MountUser
    /// The mounts; nil if none were sent.
    public let mounts: [FunctionMount]?
}

extension MountConfig: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        let object = try json.object(of: setting)
        user = try MountUser(object["mount_user"] ?? .null, of: "\(setting).mount_user")
        guard let list = object["func_mounts"], !list.isNull else {
            mounts = nil
            return
        }
        let members = try list.array(of: "\(setting).func_mounts")
        guard members.count <= Self.maximumCount else {
            throw FGSError(
                .tooManyMounts,
                "\(setting).func_mounts has \(members.count) entries; at most \(Self.maximumCount) are allowed"
            )
        }
        var mounts: [FunctionMount] = []
        for (index, member) in members.enumerated() {
            let mount = try FunctionMount(member, of: "\(setting).func_mounts[\(index)]")
            for other in mounts {
                if other == mount {
                    throw FGSError(
                        .fileSystemAlreadyMounted,
                        "\(setting).func_mounts mounts '\(mount.resource)' twice"
                    )
                }
                if other.localPath == mount.localPath {
                    throw FGSError(
                        .invalidMountPath,
                        "\(setting).func_mounts uses '\(mount.localPath)' twice"
                    )
                }
            }
            mounts.append(mount)
        }
        self.mounts = mounts
    }

    var json: JSONValue {
        var object: JSONObject = ["mount_user": user.json]
        object["func_mounts"] = mounts.map { .array($0.map(\.json)) }
        return .object(object)
    }
}
