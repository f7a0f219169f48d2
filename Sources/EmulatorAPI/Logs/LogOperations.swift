import FunctionGraph
import JSON

/// Where logs go (L-1, L-2).
enum LogOperations {
    static let routes = [
        Route(
            "L-1", .get, Route.Path.function + "/lts-log-detail",
            "Show the log group and stream of a function",
            answer: "LogDetail", .controlPlane(detail)),
        Route(
            "L-2", .post, Route.Path.functions + "/enable-lts-logs", "Switch the log service on",
            .controlPlane(enable)),
    ]

    /// `GET …/lts-log-detail`: those of the configuration, or those it would get.
    static func detail(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let function = try plane.store.function(request.urn)
        let generated = FuncLogConfig(generatedFor: function.name, in: function.project, stream: function.id)
        let configured = function.configuration.logConfig
        func text(_ member: KeyPath<FuncLogConfig, String?>) -> JSONValue {
            .string(configured?[keyPath: member] ?? generated[keyPath: member] ?? "")
        }
        return .json([
            "group_name": text(\.groupName), "group_id": text(\.groupID), "stream_id": text(\.streamID),
            "stream_name": text(\.streamName),
        ])
    }

    /// `POST …/enable-lts-logs`: again and again, if a client likes.
    static func enable(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try plane.store.enableLTS(in: request.project, at: plane.clock.now())
        return .empty
    }
}
