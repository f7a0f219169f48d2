import FunctionGraph
import HTTPTypes
import Identity
import JSON
import Sockets

/// The life of a token: given out, looked at, revoked.
@EventLoopActor
enum TokenOperations {
    /// `POST /v3/auth/tokens`: logs in.
    static func create(_ request: APIRequest, _ server: APIServer) throws -> APIResponse {
        guard request.http.body.count <= LoginRequest.maximumLength else {
            throw KeystoneError(
                .contentTooLarge,
                "The body is larger than \(LoginRequest.maximumLength) bytes."
            )
        }
        let token = try server.authenticator.logIn(try LoginRequest.login(request.object()))
        return response(token, status: .created, header: token.id.description, request, server)
    }

    /// `GET /v3/auth/tokens` and `HEAD`: what the token in `X-Subject-Token` is good for.
    static func show(_ request: APIRequest, _ server: APIServer) throws -> APIResponse {
        let subject = try subject(of: request)
        let token = try server.authenticator.token(subject, for: request.caller)
        return response(token, status: .ok, header: subject, request, server)
    }

    /// `DELETE /v3/auth/tokens`: makes the token in `X-Subject-Token` worthless.
    static func revoke(_ request: APIRequest, _ server: APIServer) throws -> APIResponse {
        server.authenticator.revoke(
            try server.authenticator.token(try subject(of: request), for: request.caller)
        )
        return .noContent
    }

    private static func subject(of request: APIRequest) throws -> String {
        guard let subject = request.http.header(.subjectToken), !subject.isEmpty else {
            throw KeystoneError(.badRequest, "The header X-Subject-Token must name the token.")
        }
        return subject
    }

    private static func response(
        _ token: Token,
        status: HTTPResponse.Status,
        header: String,
        _ request: APIRequest,
        _ server: APIServer
    ) -> APIResponse {
        var response = APIResponse.json(["token": .object(body(token, request, server))], status: status)
        response.headers = [(.subjectToken, header)]
        return response
    }

    private static func body(_ token: Token, _ request: APIRequest, _ server: APIServer) -> JSONObject {
        let directory = server.authenticator.directory
        let domain: JSONValue = [
            "id": .string(directory.domainID), "name": .string(token.principal.domainName),
        ]
        var body: JSONObject = [
            "methods": .array(token.methods.map { .string($0) }),
            "issued_at": .string(token.issuedAt.utcMicroseconds),
            "expires_at": .string(token.expiresAt.utcMicroseconds),
            "user": [
                "id": .string(token.principal.id), "name": .string(token.principal.name), "domain": domain,
            ],
        ]
        switch token.scope {
        case .nothing: return body
        case .domain: body["domain"] = domain
        case .project(let project):
            body["project"] = [
                "id": .string(project.id.description), "name": .string(project.name), "domain": domain,
            ]
        }
        body["roles"] = [["id": "te_admin", "name": "te_admin"]]
        let project = token.project ?? directory.homeProject(of: token.principal)
        body["catalog"] =
            ServiceCatalog(baseURL: request.baseURL, region: request.region, project: project.id).json
        return body
    }
}
