import JSON

/// A file system that is mounted into a function's instances.
public struct FunctionMount: Hashable, Sendable {
    /// The kinds of file systems.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Scalable File Service.
        case sfs
        /// SFS Turbo.
        case sfsTurbo
        /// A directory that a server shares.
        case ecs
    }

    /// What kind it is.
    public let kind: Kind
    /// The resource's id.
    public let resource: String
    /// The server's share, as in `10.0.0.9:/data`; needed for `ecs`.
    public let sharePath: String?
    /// Where it appears, below `/mnt`.
    public let localPath: String

    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        let object = try json.object(of: setting)
        guard let kind = object["mount_type"]?.stringValue.flatMap(Kind.init(rawValue:)) else {
            throw FGSError(.invalidParameter, "\(setting).mount_type must be sfs, sfsTurbo or ecs")
        }
        guard let resource = try object.text("mount_resource", in: setting, or: .mountResourceNotFound) else {
            throw FGSError(.mountResourceNotFound, "\(setting).mount_resource is required")
        }
        let sharePath = try object.text("mount_share_path", in: setting)
        guard sharePath != nil || kind != .ecs else {
            throw FGSError(.invalidParameter, "\(setting).mount_share_path is required for ecs")
        }
        let localPath = try object.text("local_mount_path", in: setting, or: .invalidMountPath) ?? ""
        guard Self.isMountPath(localPath) else {
            throw FGSError(
                .invalidMountPath,
                "\(setting).local_mount_path '\(localPath.prefix(80))' is not valid: it must be a directory below "
                    + "/mnt, such as /mnt/data"
            )
        }
        self.kind = kind
        self.resource = resource
        self.sharePath = sharePath
        self.localPath = localPath
    }

    var json: JSONValue {
        .object(
            JSONObject(present: [
                "mount_type": kind.rawValue, "mount_resource": resource, "mount_share_path": sharePath,
                "local_mount_path": localPath,
            ])
        )
    }

    private static func isMountPath(_ path: String) -> Bool {
        guard path.hasPrefix("/mnt/"), path.utf8.count <= 128 else { return false }
        return path.dropFirst(5).split(separator: "/", omittingEmptySubsequences: false).allSatisfy { name in
            !name.isEmpty && name != "." && name != ".."
                && name.unicodeScalars.allSatisfy {
                    $0.isASCIILetter || $0.isASCIIDigit || "._-".unicodeScalars.contains($0)
                }
        }
    }
}
