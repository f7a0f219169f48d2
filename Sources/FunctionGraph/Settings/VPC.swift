import JSON

/// The network that a function is attached to (`func_vpc`).
public struct VPC: Hashable, Sendable {
    /// The VPC.
    public let id: String
    /// The subnet of it.
    public let subnetID: String
    /// The other members, as they were sent.
    private let details: JSONObject
}

extension VPC: SettingValue {
    private static let texts = ["domain_id", "namespace", "vpc_name", "subnet_name", "cidr", "gateway"]

    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        let object = try json.object(of: setting)
        guard let id = try object.text("vpc_id", in: setting, or: .vpcNotFound) else {
            throw FGSError(.vpcNotFound, "\(setting).vpc_id is required")
        }
        guard let subnetID = try object.text("subnet_id", in: setting, or: .subnetNotFound) else {
            throw FGSError(.subnetNotFound, "\(setting).subnet_id is required")
        }
        var details = JSONObject()
        for key in Self.texts { details[key] = try object.text(key, in: setting)?.json }
        if let groups = object["security_groups"], !groups.isEmpty {
            let members = try groups.array(of: "\(setting).security_groups")
            guard members.allSatisfy({ $0.kind == .string }) else {
                throw FGSError(.invalidParameter, "\(setting).security_groups must be an array of strings")
            }
            details["security_groups"] = groups
        }
        self.init(id: id, subnetID: subnetID, details: details)
    }

    var json: JSONValue {
        var object = details
        object["vpc_id"] = .string(id)
        object["subnet_id"] = .string(subnetID)
        return .object(object)
    }
}
