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
        let urn = try request.urn
        let system = Tag.system(of: try plane.store.function(urn.qualified(.unspecified)))
        return .json(["tags": .array(try plane.store.tags(of: urn).map(\.json)), "sys_tags": [system.json]])
    }

    static func listProject(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let tags = try plane.store.tags(in: request.project)
        let systems = Set(
            try plane.store.taggedFunctions(in: request.project).map { Tag.system(of: $0.function) })
        let values = Dictionary(grouping: systems, by: \.key).mapValues { $0.map(\.value).sorted() }
        return .json([
            "tags": .array(tags.map { item($0.key, $0.values) }),
            "sys_tags": .array(values.map { item($0.key, $0.value) }),
        ])
    }

    /// A key with the values it has, as lists show it.
    private static func item(_ key: String, _ values: [String]) -> JSONValue {
        ["key": .string(key), "values": .array(values.map(JSONValue.string))]
    }

    static func create(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try plane.store.add(tags(of: request, to: .create), to: request.urn)
        return .noContent
    }

    static func delete(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try plane.store.remove(tags(of: request, to: .delete), from: request.urn)
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
                "tags": .array(tags.map(\.json)), "sys_tags": [Tag.system(of: function).json],
                "resource_name": .string(function.name.description),
            ]
        }
        return .json(["resources": .array(resources), "total_count": .integer(found.count)])
    }

    /// What is done with tags; a body may say it as well as the path.
    private enum Change: String {
        case create, delete
    }

    private static func tags(of request: APIRequest, to change: Change) throws(FGSError) -> [Tag] {
        let body = try request.object()
        let action = try body.optionalText("action", or: .invalidParameter)
        guard action == nil || action == change.rawValue else {
            throw FGSError(
                .invalidParameter,
                "the action '\(action?.prefix(80) ?? "")' must be \(change.rawValue), as the path says")
        }
        guard try body.optionalObjects("sys_tags").isEmpty else {
            throw FGSError(
                .invalidParameter,
                "sys_tags cannot be changed: they follow the function's enterprise_project_id")
        }
        let list = body["tags"] ?? .null
        guard !list.isEmpty else { return [] }
        guard let members = list.arrayValue, members.count <= 100 else {
            throw FGSError(.invalidParameter, "tags must be an array of at most 100 tags")
        }
        var tags: [Tag] = []
        for member in members { tags.append(try Tag(member, needsValue: change == .create)) }
        return tags
    }
}
