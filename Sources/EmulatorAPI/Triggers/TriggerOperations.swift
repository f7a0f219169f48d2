import FunctionGraph
import JSON

/// What makes functions run by themselves (G-1 to G-6).
enum TriggerOperations {
    private static let one = Route.Path.triggers + "/{trigger_type_code}/{trigger_id}"

    static let routes = [
        Route(
            "G-1", .get, Route.Path.triggers, "List the triggers of a function, a version or an alias",
            answer: "TriggerList", .controlPlane(list)),
        Route(
            "G-2", .post, Route.Path.triggers, "Create a trigger", body: "TriggerCreation", status: 201,
            answer: "Trigger", .triggers(create)),
        Route("G-3", .get, one, "Show a trigger", answer: "Trigger", .controlPlane(get)),
        Route(
            "G-4", .put, one, "Change a trigger", body: "TriggerChange", answer: "Trigger",
            .triggers(update)),
        Route("G-5", .delete, one, "Delete a trigger", status: 204, .triggers(delete)),
        Route(
            "G-6", .delete, Route.Path.triggers, "Delete all triggers", status: 204, .triggers(deleteAll)),
    ]

    static func list(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        .json(.array(try plane.store.triggers(of: request.urn).map { .object(body($0, request)) }))
    }

    static func create(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let sent = try request.object()
        let trigger = try plane.store.createTrigger(of: request.urn) { binding, runtime in
            try Trigger(
                creating: sent, id: plane.identifier, binding: binding, runtime: runtime,
                at: plane.clock.now())
        }
        return .object(body(trigger, request), status: .created)
    }

    static func get(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        .object(body(try plane.store.trigger(request.parameters[3], type(request), of: request.urn), request))
    }

    static func update(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let sent = try request.object()
        let trigger = try plane.store.updateTrigger(request.parameters[3], type(request), of: request.urn) {
            try $0.merging(sent, at: plane.clock.now())
        }
        return .object(body(trigger, request))
    }

    static func delete(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try plane.store.deleteTrigger(request.parameters[3], type(request), of: request.urn)
        return .noContent
    }

    static func deleteAll(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try plane.store.deleteTriggers(of: request.urn)
        return .noContent
    }

    private static func type(_ request: APIRequest) throws(FGSError) -> TriggerType {
        try TriggerType(path: request.parameters[2])
    }

    private static func body(_ trigger: Trigger, _ request: APIRequest) -> JSONObject {
        trigger.body(gateway: "\(request.baseURL)\(GatewayAddress.root)")
    }
}
