import Invocation
import JSON
import Sockets

/// Operations that only an emulator has.
enum EmulatorOperations {
    /// Whether functions can run, and on what.
    @EventLoopActor
    static func health(_ request: APIRequest, _ server: APIServer) -> APIResponse {
        let python = server.invoker.pythonVersion
        return .json([
            "status": "ok",
            "python": python.map { .string($0.description) } ?? .null,
            "processes": .integer(server.invoker.processCount),
        ])
    }

    /// The emulator's version, and the interpreter's.
    @EventLoopActor
    static func version(_ request: APIRequest, _ server: APIServer) -> APIResponse {
        .json([
            "name": "fgs-emulator",
            "version": .string(server.configuration.version),
            "python": server.invoker.pythonVersion.map { .string($0.description) } ?? .null,
            "region": .string(server.configuration.region),
            "project_id": .string(server.configuration.defaultProject.description),
        ])
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
