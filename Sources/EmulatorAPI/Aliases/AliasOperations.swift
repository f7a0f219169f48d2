import FunctionGraph
import JSON

/// The aliases of a function (V-3 to V-7). The version of the URN does not matter.
enum AliasOperations {
    private static let path = Route.Path.function + "/aliases"

    static let routes = [
        Route("V-3", .get, path, "List the aliases of a function", answer: "AliasList", .controlPlane(list)),
        Route(
            "V-4", .post, path, "Create an alias", body: "AliasCreation", answer: "Alias",
            .controlPlane(create)),
        Route("V-5", .get, path + "/{alias_name}", "Show an alias", answer: "Alias", .controlPlane(get)),
        Route(
            "V-6", .put, path + "/{alias_name}", "Change an alias", body: "AliasChange", answer: "Alias",
            .controlPlane(update)),
        Route("V-7", .delete, path + "/{alias_name}", "Delete an alias", status: 204, .controlPlane(delete)),
    ]

    static func list(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let urn = try request.urn
        return .json(.array(try plane.store.aliases(of: urn).map { .object($0.body(of: urn)) }))
    }

    static func create(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let urn = try request.urn
        let alias = try Alias(creating: request.object(), at: plane.clock.now())
        try plane.store.create(alias, of: urn)
        return .object(alias.body(of: urn))
    }

    static func get(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let urn = try request.urn
        return .object(try plane.store.alias(name(request), of: urn).body(of: urn))
    }

    static func update(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let urn = try request.urn
        let body = try request.object()
        let alias = try plane.store.update(name(request), of: urn) {
            try $0.updated(body, at: plane.clock.now())
        }
        return .object(alias.body(of: urn))
    }

    static func delete(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try plane.store.deleteAlias(name(request), of: request.urn)
        return .noContent
    }

    /// The alias of the path; what cannot be a name is the name of no alias.
    private static func name(_ request: APIRequest) throws(FGSError) -> AliasName {
        let text = request.parameters[2]
        guard let name = try? AliasName(text.hasPrefix("!") ? String(text.dropFirst()) : text) else {
            throw FGSError(.aliasNotFound, "Not found the function alias '\(text.prefix(80))'")
        }
        return name
    }
}
