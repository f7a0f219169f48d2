import FunctionGraph
import JSON

/// The test events of a function (E-1 to E-5). The version of the URN does not matter.
enum TestEventOperations {
    private static let path = Route.Path.function + "/events"

    static let routes = [
        Route(
            "E-1", .get, path, "List the test events of a function", answer: "TestEventList",
            .controlPlane(list)),
        Route(
            "E-2", .post, path, "Create a test event", body: "TestEventCreation", answer: "TestEvent",
            .controlPlane(create)),
        Route(
            "E-3", .get, path + "/{event_id}", "Show a test event", answer: "TestEvent", .controlPlane(get)),
        Route(
            "E-4", .put, path + "/{event_id}", "Change a test event", body: "TestEventChange",
            answer: "TestEvent",
            .controlPlane(update)),
        Route(
            "E-5", .delete, path + "/{event_id}", "Delete a test event", status: 204, .controlPlane(delete)),
    ]

    static func list(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let events = try plane.store.testEvents(of: request.urn)
        return .json([
            "events": .array(events.map { .object($0.summary) }), "count": .integer(events.count),
            "next_marker": .integer(events.count),
        ])
    }

    static func create(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let event = try TestEvent(creating: request.object(), id: plane.identifier, at: plane.clock.now())
        try plane.store.create(event, of: request.urn)
        return .object(event.body)
    }

    static func get(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        .object(try plane.store.testEvent(request.parameters[2], of: request.urn).body)
    }

    static func update(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let body = try request.object()
        let event = try plane.store.updateTestEvent(request.parameters[2], of: request.urn) {
            try $0.updated(body, at: plane.clock.now())
        }
        return .object(event.body)
    }

    static func delete(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try plane.store.deleteTestEvent(request.parameters[2], of: request.urn)
        return .noContent
    }
}
