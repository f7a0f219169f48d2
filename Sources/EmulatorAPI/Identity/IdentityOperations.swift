import FunctionGraph
import HTTPTypes
import Identity
import JSON
import Sockets

/// The part of Keystone v3 with which clients find FunctionGraph and their project.
@EventLoopActor
enum IdentityOperations {
    /// `GET /`: the versions there are, for clients whose URL names none.
    static func versions(_ request: APIRequest, _ server: APIServer) -> APIResponse {
        .json(["versions": ["values": [versionDocument(request)]]], status: .multipleChoices)
    }

    /// `GET /v3`: this version.
    static func version(_ request: APIRequest, _ server: APIServer) -> APIResponse {
        .json(["version": versionDocument(request)])
    }

    /// `GET /v3/projects` and `GET /v3/auth/projects`: the caller's projects; with `name`, the one of that name.
    static func projects(_ request: APIRequest, _ server: APIServer) -> APIResponse {
        let directory = server.authenticator.directory
        let name = request.query("name")
        let isPossible = name.map { 1...Directory.maximumNameLength ~= $0.utf8.count } ?? true
        let projects = isPossible ? directory.projects(of: principal(request, server), named: name) : []
        let body: [JSONValue] = projects.map { project in
            [
                "id": .string(project.id.description), "name": .string(project.name), "description": "",
                "domain_id": .string(directory.domainID), "parent_id": .string(directory.domainID),
                "is_domain": false, "enabled": true,
            ]
        }
        return .json(["projects": .array(body), "links": links(request)])
    }

    /// `GET /v3/auth/domains`: the account; with `name`, if it is that one's.
    static func domains(_ request: APIRequest, _ server: APIServer) -> APIResponse {
        let directory = server.authenticator.directory
        let asked = request.query("name")
        let name = directory.domainName ?? asked ?? principal(request, server).domainName
        let domain: JSONValue = ["id": .string(directory.domainID), "name": .string(name), "enabled": true]
        return .json([
            "domains": .array(asked == nil || asked == name ? [domain] : []), "links": links(request),
        ])
    }

    /// `GET /v3/auth/catalog`: the services, for clients that sign their requests.
    static func catalog(_ request: APIRequest, _ server: APIServer) throws -> APIResponse {
        let directory = server.authenticator.directory
        var project = directory.homeProject(of: principal(request, server)).id
        if let asked = request.http.header(.projectID) {
            guard request.caller.mayUse(project: asked) else { throw AccessError.foreignProject }
            project = try ProjectID(asked)
        } else if let own = token(of: request, server)?.project {
            project = own.id
        }
        let catalog = ServiceCatalog(baseURL: request.baseURL, region: request.region, project: project)
        return .json(["catalog": catalog.json, "links": links(request)])
    }

    private static func principal(_ request: APIRequest, _ server: APIServer) -> Principal {
        if case .accessKey(let principal) = request.caller { return principal }
        return token(of: request, server)?.principal ?? server.authenticator.stranger
    }

    /// The caller's token, if it is one that was given out here; to a lenient server it need not be.
    private static func token(of request: APIRequest, _ server: APIServer) -> Token? {
        if case .token(let token) = request.caller { return token }
        return request.http.header(.authToken).flatMap(server.authenticator.token)
    }

    private static func links(_ request: APIRequest) -> JSONValue {
        ["self": .string("\(request.baseURL)\(request.http.rawPath)"), "next": .null, "previous": .null]
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
