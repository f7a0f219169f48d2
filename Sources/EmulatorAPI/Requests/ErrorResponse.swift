import FunctionGraph
import HTTPServer
import HTTPTypes
import JSON

/// Errors in the API's own form.
enum ErrorResponse {
    /// The answer to a request that failed.
    static func make(_ error: FGSError) -> Response {
        make(status: error.status, error)
    }

    /// The answer with a status other than the code's own.
    static func make(status: Int, _ error: FGSError) -> Response {
        Response(
            HTTPResponse.Status(code: status), contentType: "application/json",
            body: JSONValue.object(error.body).bytes)
    }

    /// The answer to something that is not even a request: its own status, the nearest code.
    static func make(_ error: ProtocolError) -> Response {
        let code: ErrorCode =
            switch error.status.code {
            case 408: .requestTimedOut
            case 413: .bodyTooLarge
            case 503: .serviceUnavailable
            default: .invalidParameter
            }
        return make(status: error.status.code, FGSError(code, error.reason))
    }
}
