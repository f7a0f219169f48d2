import FunctionGraph
import JSON

/// Creating, listing and deleting functions (F-1 to F-3).
enum FunctionOperations {
    /// `POST /fgs/functions`.
    static func create(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let body = try request.object()
        let project = try request.project
        let name = try FunctionName(body.required("func_name", or: .invalidFunctionName))
        let package = try PackageName(body.required("package", or: .invalidPackage))
        let configuration = try FunctionConfiguration(creating: body)
        let now = plane.clock.now()
        let upload = try CodeUpload(body, for: configuration, at: now)
        let function = Function(
            id: plane.identifier, project: project, package: package, name: name,
            configuration: configuration.withGeneratedLogConfig(for: name, in: project, stream: plane.identifier),
            code: upload.code, imageName: ImageName(version: .latest, time: now, random: plane.random),
            lastModified: now)
        try plane.store.create(function, code: upload.bytes)
        return .json(.object(plane.body(.created, function)))
    }

    /// `GET /fgs/functions`: the newest first.
    static func list(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let page = try Page(
            marker: request.query("marker"), size: request.query("maxitems") ?? request.query("max_items"),
            standard: 400, maximum: 400)
        let package = try request.query("package_name").map { name throws(FGSError) in try PackageName(name) }
        let found = try plane.store.functions(
            in: request.project, package: package, offset: page.offset, limit: page.limit)
        return .json([
            "functions": .array(found.page.map { .object(plane.body(.listItem, $0)) }),
            "next_marker": .integer(page.offset + found.page.count),
            "count": .integer(found.total),
        ])
    }

    /// `DELETE /fgs/functions/{function_urn}`: the whole function, or the version the URN names.
    static func delete(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try plane.store.delete(request.urn)
        return .noContent
    }
}
