import FunctionGraph
import JSON

/// Tags of functions (F-9 to F-13).
enum TagOperations {
    static let routes = [
        Route(
            "F-9", .get, Route.Path.tags + "/{resource_id}/tags", "List the tags of a function",
            answer: "TagList",
            .controlPlane(list)),
        Route(
            "F-10", .get, Route.Path.tags + "/tags", "List the tags of all functions",
            answer: "ProjectTagList",
            .controlPlane(listProject)),
        Route(
            "F-11", .post, Route.Path.tags + "/resource-instances/{action}", "Find or count functions by tag",
            body: "TagQuery", answer: "TaggedResources", .controlPlane(find)),
        Route(
            "F-12", .post, Route.Path.tags + "/{resource_id}/tags/create", "Tag a function",
            body: "TagChange",
            status: 204, .controlPlane(create)),
        Route(
            "F-13", .delete, Route.Path.tags + "/{resource_id}/tags/delete", "Remove tags of a function",
            body: "TagChange", status: 204, .controlPlane(delete)),
    ]

    static func list(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        .json(["tags": .array(try plane.store.tags(of: request.urn).map(\.json)), "sys_tags": []])
    }

    static func listProject(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let tags = try plane.store.tags(in: request.project)
        return .json([
            "tags": .array(
                tags.map { ["key": .string($0.key), "values": .array($0.values.map(JSONValue.string))] }),
            "sys_tags": [],
        ])
    }

    static func create(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try plane.store.add(tags(of: request), to: request.urn)
        return .noContent
    }

    static func delete(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try plane.store.remove(tags(of: request), from: request.urn)
        return .noContent
    }

    /// `POST …/resource-instances/{filter|count}`.
    static func find(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let action = request.parameters[1]
        guard ["filter", "count"].contains(action) else {
            throw FGSError(.invalidParameter, "the action '\(action.prefix(80))' must be filter or count")
        }
        let query = try TagQuery(request.object())
        let found = try plane.store.taggedFunctions(in: request.project).filter(query.matches)
        if action == "count" { return .json(["total_count": .integer(found.count)]) }
        let resources: [JSONValue] = found.dropFirst(query.offset).prefix(query.limit).map { function, tags in
            [
                "resource_id": .string(function.id.description),
                "resource_detail": ["detailId": .string(function.urn(in: plane.region).description)],
                "tags": .array(tags.map(\.json)), "sys_tags": [],
                "resource_name": .string(function.name.description),
            ]
        }
        return .json(["resources": .array(resources), "total_count": .integer(found.count)])
    }

    private static func tags(of request: APIRequest) throws(FGSError) -> [Tag] {
        let list = try request.object()["tags"] ?? .null
        guard !list.isEmpty else { return [] }
        guard let members = list.arrayValue, members.count <= 100 else {
            throw FGSError(.invalidParameter, "tags must be an array of at most 100 tags")
        }
        var tags: [Tag] = []
        for member in members { tags.append(try Tag(member)) }
        return tags
    }
}
