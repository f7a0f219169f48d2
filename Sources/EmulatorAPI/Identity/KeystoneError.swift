import FunctionGraph
import HTTPTypes
import Identity
import JSON

/// A refusal as Keystone words it: `{"error": {"code": 401, "message": …, "title": "Unauthorized"}}`.
struct KeystoneError: Error {
    let status: HTTPResponse.Status
    let message: String

    init(_ status: HTTPResponse.Status, _ message: String) {
        self.status = status
        self.message = message
    }

    /// The refusal of a caller.
    init(_ error: AccessError) {
        switch error {
        case .noCredentials:
            self.init(.unauthorized, "The request you have made requires authentication.")
        case .unknownToken:
            self.init(.unauthorized, "The token is unknown, expired or revoked. Log in again.")
        case .signatureRefused(let error):
            self.init(.unauthorized, "The signature does not hold. \(error)")
        case .wrongPassword:
            self.init(.unauthorized, "The username or password is wrong.")
        case .unknownMethod:
            self.init(.unauthorized, "The only ways to log in are the methods password and token.")
        case .projectNotOffered:
            self.init(.unauthorized, "The user has no access to the project.")
        case .foreignProject:
            self.init(.forbidden, "The project is not one of the caller's.")
        case .foreignToken:
            self.init(.forbidden, "The token is another user's.")
        case .noSuchToken:
            self.init(.notFound, "Could not find the token.")
        }
    }

    /// What an operation threw, if it is the client's fault.
    init?(_ error: any Error) {
        switch error {
        case let error as KeystoneError: self = error
        case let error as AccessError: self.init(error)
        case let error as FGSError: self.init(.badRequest, error.message)
        default: return nil
        }
    }

    /// The answer.
    var response: APIResponse {
        .json(
            [
                "error": [
                    "code": .integer(status.code), "message": .string(message),
                    "title": .string(status.reasonPhrase),
                ]
            ],
            status: status
        )
    }
}
