import Sockets

extension IdentityOperations {
    private nonisolated static let name = [QueryParameter("name", "only the one of this name")]

    /// Keystone: how clients log in and find their way.
    nonisolated static let routes = [
        Route(
            "identity-versions",
            .get,
            "/",
            "List the versions of the identity API",
            access: .open,
            status: 300,
            .immediate(versions)
        ),
        Route(
            "identity-version",
            .get,
            "/v3",
            "Show this version of the identity API",
            access: .open,
            .immediate(version)
        ),
        Route(
            "identity-create-token",
            .post,
            "/v3/auth/tokens",
            "Log in",
            access: .open,
            body: "TokenRequest",
            status: 201,
            .keystone(TokenOperations.create)
        ),
        Route(
            "identity-show-token",
            .get,
            "/v3/auth/tokens",
            "Show what the token in X-Subject-Token is good for",
            .keystone(TokenOperations.show)
        ),
        Route(
            "identity-revoke-token",
            .delete,
            "/v3/auth/tokens",
            "Revoke the token in X-Subject-Token",
            status: 204,
            .keystone(TokenOperations.revoke)
        ),
        Route("identity-projects", .get, "/v3/projects", "List projects", query: name, .keystone(projects)),
        Route(
            "identity-own-projects",
            .get,
            "/v3/auth/projects",
            "List the caller's projects",
            query: name,
            .keystone(projects)
        ),
        Route(
            "identity-domains",
            .get,
            "/v3/auth/domains",
            "Show the account",
            query: name,
            .keystone(domains)
        ),
        Route(
            "identity-catalog",
            .get,
            "/v3/auth/catalog",
            "List the services there are",
            .keystone(catalog)
        ),
    ]
}

extension Route {
    /// Whether the operation works in the project that its path begins with.
    var isProjectScoped: Bool { template.hasPrefix("/v2/{project_id}") }

    /// Whether the operation is one of Keystone's, and fails as those do.
    var isIdentity: Bool { template.hasPrefix("/v3") }
}

extension Route.Action {
    /// An operation that needs nothing but memory, and fails as Keystone does.
    static func keystone(
        _ operation: @escaping @EventLoopActor @Sendable (APIRequest, APIServer) throws -> APIResponse
    ) -> Route.Action {
        .immediate { request, server in
            do {
                return try operation(request, server)
            } catch {
                guard let failure = KeystoneError(error) else { throw error }
                return failure.response
            }
        }
    }
}
