import FunctionGraph
import FunctionStore
import JSON

/// Dependencies and their versions (D-1 to D-5).
enum DependencyOperations {
    private static let versions = Route.Path.dependencies + "/{depend_id}/version"

    static let routes = [
        Route(
            "D-1", .get, Route.Path.dependencies, "List dependencies",
            query: [
                .marker, .maxItems, .limit, QueryParameter("ispublic", "true for those of the platform only"),
                QueryParameter("dependency_type", "public, private or all"),
                QueryParameter("runtime", "only those for a runtime"),
                QueryParameter("name", "a part of the name"),
            ], answer: "DependencyList", .controlPlane(list)),
        Route(
            "D-2", .post, Route.Path.dependencies + "/version", "Create a version of a dependency",
            body: "DependencyCreation", answer: "Dependency", .controlPlane(create)),
        Route(
            "D-3", .get, versions, "List the versions of a dependency", query: [.marker, .maxItems],
            answer: "DependencyList", .controlPlane(listVersions)),
        Route(
            "D-4", .get, versions + "/{version}", "Show a version of a dependency", answer: "Dependency",
            .controlPlane(get)),
        Route(
            "D-5", .delete, versions + "/{version}", "Delete a version of a dependency", status: 204,
            .controlPlane(delete)),
    ]

    static func list(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let page = try page(request)
        // There are no dependencies of the platform here.
        let wantsPublic = request.query("dependency_type") == "public" || request.query("ispublic") == "true"
        let filter = FunctionStore.DependencyFilter(
            name: request.nonEmptyQuery("name"), runtime: request.nonEmptyQuery("runtime"))
        let found =
            wantsPublic
            ? (page: [], total: 0) : try plane.store.dependencies(in: request.project, filter, page)
        return answer(found, page, plane)
    }

    static func listVersions(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let page = try page(request)
        let found = try plane.store.dependencyVersions(of: request.parameters[1], in: request.project, page)
        return answer(found, page, plane)
    }

    static func create(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let body = try request.object()
        let upload = try DependencyUpload(body, from: plane.codeSource)
        let now = plane.clock.now()
        let version = try plane.store.createDependencyVersion(
            of: upload.name, for: upload.runtime, in: request.project, archive: upload.archive
        ) { dependency, number in
            upload.version(number, of: dependency ?? plane.identifier, id: plane.identifier, at: now)
        }
        return .object(version.body(owner: plane.domainID))
    }

    static func get(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let version = try plane.store.dependencyVersion(
            number(request), of: request.parameters[1], in: request.project)
        var body = version.body(owner: plane.domainID)
        body["download_link"] = .string(
            version.digest.map {
                plane.downloads.link(
                    to: .code(digest: $0, fileName: version.fileName), at: plane.clock.now(),
                    below: request.baseURL)
            } ?? version.link)
        body["is_shared"] = false
        return .object(body)
    }

    static func delete(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try plane.store.deleteDependencyVersion(
            number(request), of: request.parameters[1], in: request.project)
        return .noContent
    }

    private static func page(_ request: APIRequest) throws(FGSError) -> Page {
        try Page(
            marker: request.query("marker"), size: request.query("limit") ?? request.query("maxitems"),
            standard: 400, maximum: 400)
    }

    private static func number(_ request: APIRequest) throws(FGSError) -> Int {
        guard let number = Int(request.parameters[2]) else {
            throw FGSError(
                .dependencyNotFound, "the version '\(request.parameters[2].prefix(80))' is no number")
        }
        return number
    }

    private static func answer(
        _ found: (page: [DependencyVersion], total: Int), _ page: Page, _ plane: ControlPlane
    ) -> APIResponse {
        .json([
            "dependencies": .array(
                found.page.map {
                    var body = $0.body(owner: plane.domainID)
                    body["is_shared"] = false
                    return .object(body)
                }),
            "next_marker": .integer(page.offset + found.page.count),
            "count": .integer(found.total),
        ])
    }
}
