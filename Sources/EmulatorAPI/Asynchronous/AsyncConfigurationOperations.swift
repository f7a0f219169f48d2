import FunctionGraph
import HTTPTypes
import JSON

/// How asynchronous invocations are handled.
enum AsyncConfigurationOperations {
    private static let path = Route.Path.function + "/async-invoke-config"

    static let routes = [
        Route(
            "A-1", .get, path, "Show how asynchronous invocations are handled", answer: "AsyncConfiguration",
            .controlPlane(get)),
        Route(
            "A-2", .put, path, "Set how asynchronous invocations are handled",
            body: "AsyncConfigurationChange",
            answer: "AsyncConfiguration", .controlPlane(set)),
        // The newest Python SDK sends a POST.
        Route(
            "A-2-post", .post, path, "Set how asynchronous invocations are handled",
            body: "AsyncConfigurationChange", answer: "AsyncConfiguration", .controlPlane(set)),
        Route(
            "A-3", .delete, path, "Forget how asynchronous invocations are handled", status: 204,
            .controlPlane(delete)),
        Route(
            "A-4", .get, path + "s", "Show how asynchronous invocations of all versions are handled",
            query: [.marker, .limit], answer: "AsyncConfigurationList", .controlPlane(list)),
    ]

    static func get(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let (urn, configuration) = try plane.store.asyncConfiguration(of: request.urn)
        return .object(configuration.body(of: urn))
    }

    static func set(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let body = try request.object()
        let (urn, configuration) = try plane.store.setAsyncConfiguration(of: request.urn) { createdAt in
            try AsyncConfiguration(body, createdAt: createdAt, at: plane.clock.now())
        }
        return .object(configuration.body(of: urn))
    }

    static func delete(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try plane.store.deleteAsyncConfiguration(of: request.urn)
        return .noContent
    }

    static func list(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let page = try Page(
            marker: request.query("marker"), size: request.query("limit"), standard: 10, maximum: 100)
        let found = try plane.store.asyncConfigurations(of: request.urn, page)
        return .json([
            "async_invoke_configs": .array(found.page.map { .object($0.1.body(of: $0.0)) }),
            "count": .integer(found.total), "page_info": page.information(count: found.page.count),
        ])
    }
}
