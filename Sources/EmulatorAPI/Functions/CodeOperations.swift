import Foundation
import FunctionGraph
import JSON

/// The code of a function (F-4, F-5).
enum CodeOperations {
    /// `GET …/code`.
    static func get(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        try answer(plane.store.function(request.urn), plane)
    }

    /// `PUT …/code`.
    static func update(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let body = try request.object()
        let urn = try request.urn
        let now = plane.clock.now()
        // What the code may be depends on the runtime and the handler, which only change with the configuration.
        let configuration = try plane.store.function(urn).configuration
        let upload = try CodeUpload(body, for: configuration, at: now)
        let function = try plane.store.update(urn, code: upload.bytes) { function in
            function.with(
                code: upload.code, configuration: try function.configuration.mergingCode(body), at: now,
                random: plane.random)
        }
        return try answer(function, plane)
    }

    private static func answer(_ function: Function, _ plane: ControlPlane) throws -> APIResponse {
        var response = FunctionResponse(function, of: plane.account)
        if function.code.type == .inline {
            response.codeFile = Data(try plane.store.code(function.code.digest)).base64EncodedString()
        }
        return .json(.object(response.body(of: .code)))
    }
}
