import JSON

extension TriggerRules {
    /// APIG: an API of the shared gateway.
    static let apig = gateway(invalid: .invalidAPIGTrigger, members: [.optional("instance_id")])

    /// DEDICATEDGATEWAY: an API of a gateway of one's own, whose id it has to name.
    static let dedicatedGateway = gateway(
        invalid: .invalidDedicatedGatewayTrigger,
        members: [.required("instance_id")]
    )

    private static func gateway(invalid: ErrorCode, members: [TriggerMember]) -> TriggerRules {
        push(
            members: [
                .required("name", .name),
                .required("type", .integer(1...2)),
                .required("path"),
                .required("protocol", .choice(["HTTP", "HTTPS"])),
                .required(
                    "req_method",
                    .choice(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "ANY"])
                ),
                .required("group_id"),
                .optional("group_name"),
                .required("match_mode", .choice(["SWA", "NORMAL"])),
                .required("env_name"),
                .required("env_id"),
                .required("auth", .choice(["IAM", "APP", "NONE"])),
                .required("func_info", .object(backend)),
                .optional("sl_domain", .text(maximumLength: 255)),
                .optional("backend_type", .choice(["FUNCTION"])),
            ] + members,
            identity: TriggerIdentity(
                scope: .project,
                code: .requestPathExists,
                key: { [$0.string("group_id"), APIRoute($0).path.form] },
                conflict: requestConflict
            ),
            answers: [
                .readOnly("triggerid") { trigger, _ in .string(trigger.id.description) },
                .readOnly("api_id") { trigger, _ in .string(trigger.apiID) },
                .readOnly("api_name") { trigger, _ in .string(trigger.data.object.string("name")) },
                .readOnly("invoke_url") { trigger, gateway in
                    let group = APIPath.encoded(trigger.data.object.string("group_id"))
                    return .string("\(gateway)/\(group)\(path(of: trigger.data.object))")
                },
                .readOnly("roma_app_id") { _, _ in "" },
            ],
            invalid: invalid,
            notFound: .apigTriggerNotFound
        )
    }

    private static let backend: [TriggerMember] = [
        .required("timeout", .integer(1...60_000)),
        .optional("invocation_type", .choice(["sync", "async"])),
        .optional("function_urn"),
        .optional("version"),
    ]

    private static func path(of data: JSONObject) -> String {
        let path = data.string("path")
        return path.hasPrefix("/") ? path : "/\(path)"
    }

    @Sendable
    private static func requestConflict(_ one: JSONObject, _ other: JSONObject) -> FGSError? {
        guard APIRoute(one).overlaps(APIRoute(other)) else { return nil }
        return FGSError(
            .requestPathExists,
            "the API group '\(one.string("group_id"))' has an API for \(other.string("req_method")) "
                + "\(path(of: other)) already"
        )
    }
}
