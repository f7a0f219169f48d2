import EventSources
import FunctionGraph
import HTTPServer
import JSON
import Sockets

/// Making triggers fire: by messages of their source, or one by itself.
enum EventOperations {
    static let routes = [
        Route(
            "emulator-fire", .post, "/_emulator/triggers/{trigger_id}/fire", "Make a trigger fire",
            body: "TriggerFire", answer: "TriggerFired", .call(fire)),
        Route(
            "emulator-publish", .post, "/_emulator/publish/{type}",
            "Give a source's messages to the triggers that listen to it",
            query: [QueryParameter("project_id", "only the triggers of one project")],
            body: "SourceMessages", answer: "Publication", .call(publish)),
    ]

    @EventLoopActor
    static func fire(_ target: RequestTarget, _ call: APICall, _ server: APIServer) {
        do throws(FGSError) {
            let body = try body(of: call)
            server.publisher.fire(target.parameters[0], body) { result in
                call.respond(with: result.flatMap(answer).mapError { $0 })
            }
        } catch {
            call.respond(ErrorResponse.make(error))
        }
    }

    @EventLoopActor
    static func publish(_ target: RequestTarget, _ call: APICall, _ server: APIServer) {
        do throws(FGSError) {
            let type = try TriggerType(path: target.parameters[0])
            let project = try call.exchange.request.queryParameter("project_id").map {
                text throws(FGSError) in try ProjectID(text)
            }
            server.publisher.publish(try body(of: call), as: type, project: project) { result in
                call.respond(with: result.map { .object($0.body) }.mapError { $0 })
            }
        } catch {
            call.respond(ErrorResponse.make(error))
        }
    }

    /// The most bytes of a body. It is read on the event loop.
    private static let bodyLimit = 6 << 20

    @EventLoopActor
    private static func body(of call: APICall) throws(FGSError) -> JSONObject {
        let body = call.exchange.request.body
        guard body.count <= bodyLimit else {
            throw FGSError(
                .bodyTooLarge, "the body has \(body.count) bytes; at most \(bodyLimit) are allowed")
        }
        return try APIRequest.object(body)
    }

    /// The answer about one trigger: its first invocation, and all of them.
    private static func answer(_ publication: Publication) -> Result<APIResponse, FGSError> {
        guard let first = publication.fired.first else {
            return .failure(
                publication.skipped.first?.refusal
                    ?? FGSError(.internalError, "the trigger did not fire"))
        }
        let body: JSONObject = ["request_id": .string(first.requestID)]
        return .success(
            .object(JSONObject(Array(body) + Array(publication.body))))
    }
}
