import FunctionGraph
import JSON

/// The versions of a function (V-1, V-2).
enum VersionOperations {
    static let routes = [
        Route(
            "V-1", .get, Route.Path.function + "/versions", "List the versions of a function",
            query: [.marker, .maxItems], answer: "VersionList", .controlPlane(list)),
        Route(
            "V-2", .post, Route.Path.function + "/versions", "Publish the function as it is as a version",
            body: "Publication", answer: "Function", .controlPlane(publish)),
    ]

    /// `GET …/versions`: `latest`, then the newest.
    static func list(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let page = try Page(
            marker: request.query("marker"), size: request.query("maxitems"), standard: 400, maximum: 400)
        let found = try plane.store.versions(of: request.urn, page)
        return .json([
            "versions": .array(found.page.map { .object(plane.body(.versionItem, $0)) }),
            "next_marker": .integer(page.offset + found.page.count),
            "count": .integer(found.total),
        ])
    }

    /// `POST …/versions`.
    static func publish(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let body = try request.object()
        let name = try body.optionalText("version", or: .invalidVersion).map { text throws(FGSError) in
            try VersionName(publishing: text)
        }
        let description = try body.optionalText("description", or: .descriptionTooLong).map {
            text throws(FGSError) in try Description(text)
        }
        let published = try plane.store.publish(
            request.urn, as: name, description: description, at: plane.clock.now(), random: plane.random)
        return .object(plane.body(.published, published))
    }
}
