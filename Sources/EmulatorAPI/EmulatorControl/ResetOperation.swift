import EventSources
import FunctionGraph
import JSON
import Sockets

/// Makes a server that is shared by many tests what it was when it started.
enum ResetOperation {
    static let routes = [
        Route(
            "emulator-reset", .post, "/_emulator/reset",
            "Delete everything, stop what runs, and set the clock right", .call(reset))
    ]

    @EventLoopActor
    private static func reset(_ target: RequestTarget, _ call: APICall, _ server: APIServer) {
        server.asyncQueue.cancelAll()
        server.invoker.flushMetrics {
            server.invoker.logs.removeAll {
                server.asyncQueue.flush { empty(server, call) }
            }
        }
    }

    @EventLoopActor
    private static func empty(_ server: APIServer, _ call: APICall) {
        let (store, region) = (server.store, server.configuration.region)
        server.workQueue.run {
            Result { try store.reset(region: region) }
        } then: { result in
            if case .failure(let error) = result { return call.respond(with: .failure(error)) }
            server.invoker.forgetTotals()
            server.clockControl.set(.system) { _ in
                server.triggers.fires.removeAll()
                server.destinations.forgetNotifications()
                call.respond(with: .success(.json(["status": "ok"])))
            }
        }
    }
}
