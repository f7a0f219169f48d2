import FunctionGraph
import HTTPServer
import HTTPTypes
import JSON

/// Why the gateway itself answers a request. The codes are those of the gateway, or FunctionGraph's own.
enum GatewayError: Error, Equatable {
    /// No API is for the group and the path.
    case unknownAPI
    /// There are APIs for the path, of these methods.
    case methodNotAllowed([String])
    /// The caller is not who the API is for.
    case unauthenticated(GatewayRoute.Access, String)
    /// The body is larger than this, in bytes.
    case bodyTooLarge(Int)
    /// The function takes longer than the API lets it, in milliseconds. It goes on.
    case backendTimeout(Int)
    /// The function could not be run.
    case backendUnavailable(String)
    /// FunctionGraph refuses the call, or what the function has answered.
    case refused(FGSError)

    /// The HTTP status.
    var status: Int {
        switch self {
        case .unknownAPI: 404
        case .methodNotAllowed: 405
        case .unauthenticated: 401
        case .bodyTooLarge: 413
        case .backendTimeout: 504
        case .backendUnavailable: 502
        case .refused(let error): error.status
        }
    }

    private var code: String {
        switch self {
        case .unknownAPI, .methodNotAllowed: "APIG.0101"
        case .unauthenticated: "APIG.0301"
        case .bodyTooLarge, .backendTimeout, .backendUnavailable: "APIG.0201"
        case .refused(let error): error.code.code
        }
    }

    private var message: String {
        switch self {
        case .unknownAPI: "The API does not exist or has not been published in the environment"
        case .methodNotAllowed(let methods):
            "The API does not exist or has not been published in the environment: the path is there for "
                + methods.joined(separator: ", ")
        case .unauthenticated(.application, let reason): "Incorrect app authentication information: \(reason)"
        case .unauthenticated(_, let reason): "Incorrect IAM authentication information: \(reason)"
        case .bodyTooLarge(let limit): "Request entity too large: the limit is \(limit) bytes"
        case .backendTimeout(let milliseconds):
            "Backend timeout: the function has taken longer than \(milliseconds) ms"
        case .backendUnavailable(let reason): "Backend unavailable: \(reason)"
        case .refused(let error): error.message
        }
    }

    /// The answer.
    func response(requestID: String) -> Response {
        let body: JSONValue = [
            "error_msg": .string(message), "error_code": .string(code), "request_id": .string(requestID),
        ]
        var response = Response(
            HTTPResponse.Status(code: status), contentType: "application/json", body: body.bytes)
        if case .methodNotAllowed(let methods) = self {
            response.addHeader(.allow, methods.joined(separator: ", "))
        }
        return response
    }
}
