import FunctionGraph
import JSON

/// Fetching what an answer linked to.
enum DownloadOperations {
    static let routes = [
        Route(
            "emulator-download", .get, "/_emulator/downloads/{token}", "Download what an answer linked to",
            access: .open, .controlPlane(get))
    ]

    static func get(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        guard let target = plane.downloads.target(of: request.parameters[0], at: plane.clock.now()) else {
            throw FGSError(.notFound, "the link is unknown or has expired; ask for a new one")
        }
        switch target {
        case .code(let digest, let fileName):
            return APIResponse(status: .ok, body: .archive(try plane.store.code(digest), fileName: fileName))
        case .export(let urn, let contents, let fileName):
            let archive = try FunctionExport(urn, contents, plane.store).archive()
            return APIResponse(status: .ok, body: .archive(archive, fileName: fileName))
        }
    }
}
