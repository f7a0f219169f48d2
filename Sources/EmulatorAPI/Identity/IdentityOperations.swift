import Crypto
import FunctionGraph
import HTTPTypes
import Invocation
import JSON
import Sockets

/// The part of Keystone v3 that clients need to log in and to find FunctionGraph.
@EventLoopActor
enum IdentityOperations {
    nonisolated static let routes = [
        Route("identity-versions", .get, "/", "List the versions of the identity API", access: .open, status: 300,
            .immediate(versions)),
        Route("identity-version", .get, "/v3", "Show this version of the identity API", access: .open,
            .immediate(version)),
        Route("identity-create-token", .post, "/v3/auth/tokens", "Log in", access: .open, body: "TokenRequest",
            status: 201, .immediate(createToken)),
        Route("identity-projects", .get, "/v3/projects", "Find the project of a name",
            query: [QueryParameter("name", "the project's name")], .immediate(projects)),
        Route("identity-domains", .get, "/v3/auth/domains", "Show the account", .immediate(domains)),
        Route("identity-catalog", .get, "/v3/auth/catalog", "List the services there are", .immediate(catalog)),
    ]

    /// `GET /`: the versions there are, for clients whose URL names none.
    static func versions(_ request: APIRequest, _ server: APIServer) -> APIResponse {
        .json(["versions": ["values": [versionDocument(request)]]], status: .multipleChoices)
    }

    /// `GET /v3`: this version.
    static func version(_ request: APIRequest, _ server: APIServer) -> APIResponse {
        .json(["version": versionDocument(request)])
    }

    /// `POST /v3/auth/tokens`: a token for anyone.
    static func createToken(_ request: APIRequest, _ server: APIServer) throws -> APIResponse {
        let wish = try TokenRequest(request.object())
        let configuration = server.configuration
        let project = try wish.projectID.map { try ProjectID($0) } ?? project(named: wish.projectName, configuration)
        let now = server.clock.now()
        let domain: JSONValue = ["id": .string(configuration.domainID), "name": .string(wish.domainName)]
        let catalog = ServiceCatalog(baseURL: request.baseURL, region: configuration.region, project: project)
        let token: JSONObject = [
            "methods": .array(wish.methods.map { .string($0) }),
            "issued_at": .string(now.utcMicroseconds),
            "expires_at": .string(now.advanced(byMilliseconds: 24 * 3_600_000).utcMicroseconds),
            "user": ["id": .string(identifier(of: wish.userName)), "name": .string(wish.userName), "domain": domain],
            "project": [
                "id": .string(project.description), "name": .string(wish.projectName ?? configuration.region),
                "domain": domain,
            ],
            "roles": [["id": "te_admin", "name": "te_admin"]],
            "catalog": catalog.json,
        ]
        var response = APIResponse.json(["token": .object(token)], status: .created)
        response.headers = [(.subjectToken, RequestIDGenerator.next().filter { $0 != "-" })]
        return response
    }

    /// `GET /v3/projects`: the one project of the name asked for.
    static func projects(_ request: APIRequest, _ server: APIServer) -> APIResponse {
        let name = request.http.queryParameter("name") ?? server.configuration.region
        let project: JSONObject = [
            "id": .string(project(named: name, server.configuration).description), "name": .string(name),
            "domain_id": .string(server.configuration.domainID), "enabled": true,
        ]
        return .json(["projects": [.object(project)], "links": ["self": .string("\(request.baseURL)/v3/projects")]])
    }

    /// `GET /v3/auth/domains`: the account.
    static func domains(_ request: APIRequest, _ server: APIServer) -> APIResponse {
        let domain: JSONObject = [
            "id": .string(server.configuration.domainID),
            "name": .string(request.http.queryParameter("name") ?? "local"), "enabled": true,
        ]
        return .json(["domains": [.object(domain)], "links": [:]])
    }

    /// `GET /v3/auth/catalog`: the services, for clients that sign their requests.
    static func catalog(_ request: APIRequest, _ server: APIServer) throws -> APIResponse {
        let project = try request.http.header(.projectID).map { try ProjectID($0) }
        let catalog = ServiceCatalog(
            baseURL: request.baseURL, region: server.configuration.region,
            project: project ?? server.configuration.defaultProject)
        return .json(["catalog": catalog.json, "links": [:]])
    }

    /// The project of a name: the region's own project, or one whose id follows from the name, so that it is
    /// the same in every run.
    private static func project(named name: String?, _ configuration: APIConfiguration) -> ProjectID {
        guard let name, name != configuration.region, let project = try? ProjectID(identifier(of: name)) else {
            return configuration.defaultProject
        }
        return project
    }

    private static func identifier(of name: String) -> String {
        SHA256.hash(data: Array(name.utf8)).prefix(16).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    private static func versionDocument(_ request: APIRequest) -> JSONValue {
        [
            "id": "v3.14", "status": "stable", "updated": "2020-04-07T00:00:00Z",
            "links": [["rel": "self", "href": .string("\(request.baseURL)/v3/")]],
            "media-types": [
                ["base": "application/json", "type": "application/vnd.openstack.identity-v3+json"]
            ],
        ]
    }
}
