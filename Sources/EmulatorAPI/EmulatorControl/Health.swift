import HTTPServer
import Invocation
import JSON
import Runtime
import Sockets

/// Whether functions can run, and on what. Whoever waits for it asks often, so the answer is only put together when it
/// has changed.
@EventLoopActor
final class Health {
    private let invoker: Invoker
    private var python: PythonVersion?
    private var processes = 0
    private var response: Response?

    init(_ invoker: Invoker) {
        self.invoker = invoker
    }

    /// How things stand now.
    func answer() -> Response {
        let (python, processes) = (invoker.pythonVersion, invoker.processCount)
        if let response, python == self.python, processes == self.processes { return response }
        let made = APIResponse.json([
            "status": "ok",
            "python": python.map { .string($0.description) } ?? .null,
            "processes": .integer(processes),
        ]).http()
        (self.python, self.processes, response) = (python, processes, made)
        return made
    }
}
