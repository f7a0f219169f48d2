import Invocation
import JSON
import Sockets

/// Operations that only an emulator has.
enum EmulatorOperations {
    static let routes = [
        Route(
            "emulator-health", .get, "/_emulator/health", "Whether functions can run", access: .open,
            .call { _, call, server in call.respond(server.health.answer()) }),
        Route(
            "emulator-version", .get, "/_emulator/version", "The emulator's version", access: .open,
            .call(version)),
        Route(
            "emulator-fidelity", .get, "/_emulator/fidelity", "How undocumented choices are made",
            access: .open,
            .immediate(fidelity)),
        Route(
            "emulator-openapi", .get, "/_emulator/openapi.json", "This document", access: .open,
            .immediate { request, _ in .object(OpenAPIDocument.make(baseURL: request.baseURL)) }),
    ]

    /// The emulator's version, and the interpreter's, once that has started.
    @EventLoopActor
    static func version(_ target: RequestTarget, _ call: APICall, _ server: APIServer) {
        server.invoker.whenPythonStarted { python in
            let body: JSONObject = [
                "name": "fgs-emulator",
                "version": .string(server.configuration.version),
                "python": .string(python.description),
                "region": .string(server.configuration.region),
                "isolation": .string(server.invoker.isIsolated ?? false ? "namespaces" : "none"),
                "project_id": .string(server.configuration.defaultProject.description),
            ]
            call.respond(with: .success(.object(body)))
        }
    }

    /// How every undocumented choice is made.
    @EventLoopActor
    static func fidelity(_ request: APIRequest, _ server: APIServer) -> APIResponse {
        let choices: [JSONValue] = server.configuration.fidelity.choices.map { choice in
            [
                "name": .string(choice.name),
                "value": .string(choice.value),
                "default": .string(choice.defaultValue),
                "values": .array(choice.values.map { .string($0) }),
                "about": .string(choice.explanation),
                "variable": .string(choice.variable),
            ]
        }
        return .json(["fidelity": .array(choices)])
    }
}
