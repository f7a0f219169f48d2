import FunctionGraph
import JSON

/// Taking functions out and bringing them in.
enum TransferOperations {
    static let routes = [
        Route(
            "X-1", .get, Route.Path.function + "/export", "Export a function",
            query: [
                QueryParameter("type", "code or config; instead of the two others"),
                QueryParameter("code", "whether the archive holds the code"),
                QueryParameter("config", "whether the archive holds the configuration"),
            ], answer: "Export", .controlPlane(export)),
        Route(
            "X-2", .post, Route.Path.functions + "/import", "Import a function", body: "Import",
            answer: "Function",
            .controlPlane(bringIn)),
    ]

    /// `GET …/export`: a link to the archive, which is packed when it is fetched.
    static func export(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let contents = try FunctionExport.Contents(
            type: request.nonEmptyQuery("type"), code: request.query("code"),
            configuration: request.query("config"))
        let urn = try request.urn
        let function = try plane.store.function(urn)
        let fileName = "\(function.name)_\(Digest.md5(try plane.store.code(function.code.digest))).zip"
        let link = plane.downloads.link(
            to: .export(urn, contents, fileName: fileName), at: plane.clock.now(), below: request.baseURL)
        return .json(["file_name": .string(fileName), "code_url": .string(link)])
    }

    /// `POST …/import`.
    static func bringIn(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let imported = try FunctionImport(request.object())
        let project = try request.project
        let now = plane.clock.now()
        let function = Function(
            id: plane.identifier, project: project, package: imported.package, name: imported.name,
            configuration: imported.configuration.withGeneratedLogConfig(
                for: imported.name, in: project, stream: plane.identifier),
            code: imported.code(at: now),
            imageName: ImageName(version: .latest, time: now, random: plane.random), lastModified: now)
        let created = try plane.store.create(function, code: imported.bytes)
        let urn = function.urn(in: plane.region)
        do {
            for trigger in imported.triggers {
                _ = try plane.store.createTrigger(of: urn) { binding, runtime in
                    try Trigger(
                        creating: trigger, id: plane.identifier, binding: binding, runtime: runtime, at: now)
                }
            }
        } catch {
            // An import happens as a whole or not at all.
            try plane.store.delete(urn.qualified(.unspecified))
            throw error
        }
        return .object(plane.body(.imported, created))
    }
}
