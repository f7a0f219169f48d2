import FunctionGraph
import JSON

/// Creating, listing and deleting functions (F-1 to F-3).
enum FunctionOperations {
    static let routes = [
        Route(
            "F-1", .post, Route.Path.functions, "Create a function", body: "FunctionCreation",
            answer: "Function",
            .controlPlane(create)),
        Route(
            "F-2", .get, Route.Path.functions, "List functions, the newest first",
            query: [.marker, .maxItems, QueryParameter("package_name", "only functions of this package")],
            answer: "FunctionList", .controlPlane(list)),
        Route(
            "F-3", .delete, Route.Path.function, "Delete a function, or one of its versions", status: 204,
            .controlPlane(delete)),
        Route(
            "F-14", .put, Route.Path.function + "/collect/{state}",
            "Mark a function as a favourite, or as none",
            .controlPlane(pin)),
    ]

    /// `POST /fgs/functions`.
    static func create(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let body = try request.object()
        let project = try request.project
        let name = try FunctionName(body.required("func_name", or: .invalidFunctionName))
        let package = try PackageName(body.required("package", or: .invalidPackage))
        let configuration = try FunctionConfiguration(creating: body)
        let now = plane.clock.now()
        let upload = try CodeUpload(body, for: configuration, from: plane.codeSource, at: now)
        let function = Function(
            id: plane.identifier, project: project, package: package, name: name,
            configuration: configuration.withGeneratedLogConfig(
                for: name, in: project, stream: plane.identifier),
            code: upload.code, imageName: ImageName(version: .latest, time: now, random: plane.random),
            lastModified: now)
        let created = try plane.store.create(function, code: upload.bytes)
        return .object(plane.body(.created, created))
    }

    /// `GET /fgs/functions`: the newest first.
    static func list(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let page = try Page(
            marker: request.query("marker"), size: request.query("maxitems") ?? request.query("max_items"),
            standard: 400, maximum: 400)
        let name = request.query("package_name") ?? ""
        // No function is in a package of a name that there cannot be.
        let package = try? PackageName(name)
        let found =
            package == nil && !name.isEmpty
            ? (page: [], total: 0)
            : try plane.store.functions(
                in: request.project, package: package, offset: page.offset, limit: page.limit)
        return .json([
            "functions": .array(found.page.map { .object(plane.body(.listItem, FunctionDetail($0))) }),
            "next_marker": .integer(page.offset + found.page.count),
            "count": .integer(found.total),
        ])
    }

    /// `DELETE /fgs/functions/{function_urn}`: the whole function, or the version the URN names.
    static func delete(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try plane.store.delete(request.urn)
        return .noContent
    }

    /// `PUT …/collect/{state}`.
    static func pin(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        guard let state = Bool(request.parameters[2]) else {
            throw FGSError(
                .invalidParameter, "the state '\(request.parameters[2].prefix(80))' must be true or false")
        }
        try plane.store.setPinned(state, request.urn)
        return .empty
    }
}
