import Foundation
import FunctionGraph
import JSON

/// The code of a function (F-4, F-5).
enum CodeOperations {
    static let routes = [
        Route(
            "F-4", .get, Route.Path.function + "/code", "Show the code of a function", answer: "FunctionCode",
            .controlPlane(get)),
        Route(
            "F-5", .put, Route.Path.function + "/code", "Change the code of a function", body: "CodeChange",
            answer: "FunctionCode", .controlPlane(update)),
    ]

    /// `GET …/code`.
    static func get(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try answer(plane.store.detail(request.urn), request, plane)
    }

    /// `PUT …/code`.
    static func update(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let body = try request.object()
        let urn = try request.urn
        let now = plane.clock.now()
        // What the code may be depends on the runtime and the handler, which only change with the configuration.
        let configuration = try plane.store.function(urn).configuration
        let upload = try CodeUpload(body, for: configuration, from: plane.codeSource, at: now)
        let changed = try plane.store.update(urn, code: upload.bytes) { function in
            function.with(
                code: upload.code, configuration: try function.configuration.mergingCode(body), at: now,
                random: plane.random)
        }
        return try answer(changed, request, plane)
    }

    /// The code of an inline function is in the answer itself; other code is behind a link, as in the cloud.
    private static func answer(
        _ detail: FunctionDetail, _ request: APIRequest, _ plane: ControlPlane
    ) throws -> APIResponse {
        var response = FunctionResponse(detail, of: plane.account)
        let code = detail.function.code
        if code.type == .inline {
            response.codeFile = Data(try plane.store.code(code.digest)).base64EncodedString()
        } else if code.form != .none {
            response.codeLink = plane.downloads.link(
                to: .code(digest: code.digest, fileName: code.fileName), at: plane.clock.now(),
                below: request.baseURL)
        }
        return .object(response.body(of: .code))
    }
}
