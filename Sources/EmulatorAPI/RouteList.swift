import HTTPServer

/// Every operation of the server, one row each.
enum RouteList {
    static let all: [Route] = functions + invocations + identity + emulator

    private static let functions: [Route] = [
        Route("F-1", .post, "/v2/{project_id}/fgs/functions", .controlPlane(FunctionOperations.create)),
        Route("F-2", .get, "/v2/{project_id}/fgs/functions", .controlPlane(FunctionOperations.list)),
        Route(
            "F-3", .delete, "/v2/{project_id}/fgs/functions/{function_urn}",
            .controlPlane(FunctionOperations.delete)),
        Route(
            "F-4", .get, "/v2/{project_id}/fgs/functions/{function_urn}/code",
            .controlPlane(CodeOperations.get)),
        Route(
            "F-5", .put, "/v2/{project_id}/fgs/functions/{function_urn}/code",
            .controlPlane(CodeOperations.update)),
        Route(
            "F-6", .get, "/v2/{project_id}/fgs/functions/{function_urn}/config",
            .controlPlane(ConfigurationOperations.get)),
        Route(
            "F-7", .put, "/v2/{project_id}/fgs/functions/{function_urn}/config",
            .controlPlane(ConfigurationOperations.update)),
        Route(
            "F-8", .put, "/v2/{project_id}/fgs/functions/{function_urn}/config-max-instance",
            .controlPlane(ConfigurationOperations.updateMaximumInstances)),
    ]

    private static let invocations: [Route] = [
        Route("I-1", .post, "/v2/{project_id}/fgs/functions/{function_urn}/invocations", .invocation)
    ]

    private static let identity: [Route] = [
        Route("identity-versions", .get, "/", access: .open, .immediate(IdentityOperations.versions)),
        Route("identity-version", .get, "/v3", access: .open, .immediate(IdentityOperations.version)),
        Route(
            "identity-create-token", .post, "/v3/auth/tokens", access: .open,
            .immediate(IdentityOperations.createToken)),
        Route("identity-projects", .get, "/v3/projects", .immediate(IdentityOperations.projects)),
        Route("identity-domains", .get, "/v3/auth/domains", .immediate(IdentityOperations.domains)),
        Route("identity-catalog", .get, "/v3/auth/catalog", .immediate(IdentityOperations.catalog)),
    ]

    private static let emulator: [Route] = [
        Route(
            "emulator-health", .get, "/_emulator/health", access: .open,
            .immediate(EmulatorOperations.health)),
        Route(
            "emulator-version", .get, "/_emulator/version", access: .open,
            .immediate(EmulatorOperations.version)),
        Route(
            "emulator-fidelity", .get, "/_emulator/fidelity", access: .open,
            .immediate(EmulatorOperations.fidelity)),
    ]
}
