import FunctionGraph
import HTTPServer
import HTTPTypes
import Identity
import JSON

/// The answers to requests whose callers are not let in.
enum AccessRefusal {
    /// What the gateway in front of the services answers to a signature that does not hold.
    private static let gatewayCode = "APIGW.0301"
    private static let gatewayMessage = "Incorrect IAM authentication information: verify aksk signature fail"

    /// The answer to a request for an operation.
    static func response(to error: AccessError, of route: Route, mode: AuthenticationMode) -> Response {
        if case .signatureRefused(let reason) = error {
            let message = "\(reason)".isEmpty ? gatewayMessage : "\(gatewayMessage), \(reason)"
            let body: JSONValue = ["error_code": .string(gatewayCode), "error_msg": .string(message)]
            return Response(.unauthorized, contentType: "application/json", body: body.bytes)
        }
        if route.isIdentity { return KeystoneError(error).response.http() }
        return ErrorResponse.make(refusal(error, mode))
    }

    private static func refusal(_ error: AccessError, _ mode: AuthenticationMode) -> FGSError {
        switch error {
        case .foreignProject:
            FGSError(
                .forbidden,
                "the token or access key is not for the project of this path. Log in with that project as scope."
            )
        case .unknownToken:
            FGSError(.unauthenticated, "the token is unknown, expired or revoked. Log in again.")
        default:
            FGSError(
                .unauthenticated,
                "the request has neither an X-Auth-Token nor an Authorization header. "
                    + (mode == .lenient
                        ? "Any token will do, for example: X-Auth-Token: local"
                        : "POST /v3/auth/tokens gives out tokens.")
            )
        }
    }
}
