import JSON

/// Which networks a function may be reached from and may reach (`network_controller`).
public struct NetworkControl: Hashable, Sendable {
    /// Whether the function may not reach public networks.
    public let isPublicNetworkDisabled: Bool?
    /// The VPCs that the function may be called from.
    public let callers: [Caller]?

    /// A VPC.
    public struct Caller: Hashable, Sendable {
        /// Its name.
        public let name: String?
        /// Its id.
        public let id: String?
    }
}

extension NetworkControl: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        let object = try json.object(of: setting)
        if let flag = object["disable_public_network"], !flag.isNull {
            isPublicNetworkDisabled = try Bool(flag, of: "\(setting).disable_public_network")
        } else {
            isPublicNetworkDisabled = nil
        }
        guard let list = object["trigger_access_vpcs"], !list.isNull else {
            callers = nil
            return
        }
        var callers: [Caller] = []
        for member in try list.array(of: "\(setting).trigger_access_vpcs") {
            let name = "\(setting).trigger_access_vpcs"
            let vpc = try member.object(of: name)
            callers.append(
                Caller(name: try vpc.text("vpc_name", in: name), id: try vpc.text("vpc_id", in: name)))
        }
        self.callers = callers
    }

    var json: JSONValue {
        var object = JSONObject(present: ["disable_public_network": isPublicNetworkDisabled])
        object["trigger_access_vpcs"] = callers.map { callers in
            .array(callers.map { .object(JSONObject(present: ["vpc_name": $0.name, "vpc_id": $0.id])) })
        }
        return .object(object)
    }
}
