import JSON

/// Which requests a gateway's API leads to a function, and how: what `event_data` of an APIG or a
/// DEDICATEDGATEWAY trigger says.
public struct APIRoute: Hashable, Sendable {
    /// The API group, which has an address of its own.
    public let group: String
    /// The method; nil stands for all.
    public let method: String?
    /// The path.
    public let path: APIPath
    /// Whether requests' paths may go on behind that one (`SWA`).
    public let isPrefix: Bool
    /// How long the function may take, in milliseconds.
    public let timeout: Int
    /// Whether the gateway answers before the function has.
    public let isAsynchronous: Bool

    /// Reads the data of a trigger.
    ///
    /// - Returns: nil for a trigger of another type.
    public init?(_ data: TriggerEventData) {
        guard data.type.isGateway else { return nil }
        self.init(data.object)
    }

    init(_ data: JSONObject) {
        let method = data.string("req_method")
        group = data.string("group_id")
        self.method = method == "ANY" ? nil : method
        path = APIPath(data.string("path"))
        isPrefix = data.string("match_mode") == "SWA"
        timeout = data["func_info"]?["timeout"]?.integerValue ?? 5_000
        isAsynchronous = data["func_info"]?["invocation_type"]?.stringValue == "async"
    }

    /// The path parameters of a request to the group, by name: those of the path, and under an empty name what
    /// comes behind it (runtime guide, "APIG").
    ///
    /// - Returns: nil if this API does not serve the request.
    public func parameters(method: String, path: String) -> JSONObject? {
        guard self.method ?? method == method else { return nil }
        return self.path.parameters(of: path, isPrefix: isPrefix).map { parameters in
            JSONObject(parameters.map { ($0.name, .string($0.value)) })
        }
    }

    /// Whether this API has to be asked before another one of the group: whole paths come before prefixes, literal
    /// segments before parameters, long paths before short ones, and one method before all.
    public func precedes(_ other: APIRoute) -> Bool {
        rank.lexicographicallyPrecedes(other.rank)
    }

    private var rank: [Int] { [isPrefix ? 1 : 0, -path.literalCount, -path.count, method == nil ? 1 : 0] }

    /// Whether both are of one path and have a method in common.
    func overlaps(_ other: APIRoute) -> Bool {
        path.form == other.path.form && (method == nil || other.method == nil || method == other.method)
    }
}
