import JSON

/// The limits of a project that clients can ask for, in the order of the API reference.
public enum ProjectQuota: String, CaseIterable, Sendable {
    /// Seconds after which an idle v1 instance is released.
    case scaleDownTimeout = "fgs_func_scale_down_timeout"
    /// Reserved instances.
    case reservedInstances = "fgs_func_occurs"
    /// Seconds after which an idle address translation is released.
    case translationIdleTime = "fgs_func_pat_idle_time"
    /// Functions.
    case functions = "fgs_func_num"
    /// Code, in MB.
    case codeSize = "fgs_func_code_size"
    /// Function flows.
    case workflows = "fgs_workflow_num"
    /// Instances that one function may have.
    case instancesPerFunction = "fgs_on_demand_instance_limit"
    /// Instances of all functions.
    case instances = "fgs_func_qos_limit"

    /// How much of it there is on the platform.
    public var standardLimit: Int {
        switch self {
        case .scaleDownTimeout: 60
        case .reservedInstances, .translationIdleTime: 100
        case .functions: 400
        case .codeSize: 10_240
        case .workflows: 512
        case .instancesPerFunction, .instances: 1_000
        }
    }

    /// The quota as answers show it.
    public func json(limit: Int, used: Int) -> JSONValue {
        var body: JSONObject = [
            "quota": .integer(limit), "used": .integer(used), "type": .string(rawValue),
        ]
        if self == .codeSize { body["unit"] = "MB" }
        return .object(body)
    }
}
