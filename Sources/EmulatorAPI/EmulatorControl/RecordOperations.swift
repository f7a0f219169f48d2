import FunctionGraph
import HTTPServer
import HTTPTypes
import Invocation
import JSON
import Sockets

/// What has run, for people and for their tools: logs, figures, messages to topics.
enum RecordOperations {
    static let routes = [
        Route(
            "emulator-logs", .get, "/_emulator/logs", "Read what functions have written, or follow it",
            query: [
                QueryParameter("function", "a URN, or the name of a function"),
                QueryParameter("request_id", "one invocation"),
                QueryParameter("since", "no earlier, RFC 3339"),
                QueryParameter("until", "no later, RFC 3339"), QueryParameter("text", "a part of the text"),
                QueryParameter("project_id", "one project"),
                QueryParameter("limit", "the most entries", isNumber: true),
                QueryParameter("follow", "1 for server-sent events, from now on"),
            ], .call(logs)),
        Route(
            "emulator-metrics", .get, "/_emulator/metrics", "Figures since the start, for Prometheus",
            access: .open,
            .call(metrics)),
        Route(
            "emulator-notifications", .get, "/_emulator/notifications",
            "List messages that were sent to topics",
            .immediate { _, server in
                .json(["notifications": .array(server.destinations.notifications.map { .object($0.body) })])
            }),
    ]

    @EventLoopActor
    static func logs(_ target: RequestTarget, _ call: APICall, _ server: APIServer) {
        do throws(FGSError) {
            let request = call.exchange.request
            let query = try query(request, server.configuration)
            if ["1", "true"].contains(request.queryParameter("follow") ?? "") {
                follow(query, call, server)
                return
            }
            server.invoker.logs.read(query) { result in
                call.respond(with: result.map { .json(["logs": .array($0.map { .object($0.body) })]) })
            }
        } catch {
            call.respond(ErrorResponse.make(error))
        }
    }

    @EventLoopActor
    private static func follow(_ query: LogQuery, _ call: APICall, _ server: APIServer) {
        var response = Response(.ok, contentType: "text/event-stream")
        response.addHeader(.cacheControl, "no-store")
        guard let stream = call.stream(response) else { return }
        let follower = LogFollower(query) { entry in
            stream.write(Array("data: ".utf8) + JSONValue.object(entry.body).bytes + Array("\n\n".utf8))
        }
        let logs = server.invoker.logs
        stream.onEnd = { logs.unfollow(follower) }
        logs.follow(follower)
        // So that a reader knows it is there before anything happens.
        stream.write(Array(": following\n\n".utf8))
    }

    private static func query(_ request: Request, _ configuration: APIConfiguration) throws(FGSError)
        -> LogQuery
    {
        func text(_ name: String) -> String? {
            request.queryParameter(name).flatMap { $0.isEmpty ? nil : $0 }
        }
        func time(_ name: String) throws(FGSError) -> Timestamp? {
            guard let text = text(name) else { return nil }
            guard
                let time = Timestamp(
                    text.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "+"))
            else { throw FGSError(.invalidParameter, "\(name) must be a time such as 2025-03-17T10:11:12Z") }
            return time
        }
        let limit = text("limit").map { Int($0) } ?? 1_000
        guard let limit, 1...100_000 ~= limit else {
            throw FGSError(.invalidQueryParameter, "limit must be a number from 1 to 100000")
        }
        var query = LogQuery(limit: limit)
        query.project = try text("project_id").map { text throws(FGSError) in try ProjectID(text) }
        query.requestID = text("request_id")
        query.since = try time("since")
        query.until = try time("until")
        query.text = text("text")
        if let function = text("function") {
            if function.contains(":") {
                let fields = function.split(separator: ":", omittingEmptySubsequences: false)
                let project =
                    fields.count >= 7
                    ? try ProjectID(String(fields[3])) : query.project ?? configuration.defaultProject
                query.functionURN =
                    try FunctionURN(function, in: project, region: configuration.region)
                    .qualified(.unspecified).description
            } else {
                query.functionName = function
            }
        }
        return query
    }

    @EventLoopActor
    static func metrics(_ target: RequestTarget, _ call: APICall, _ server: APIServer) {
        let text = PrometheusText.make(server.invoker.totals, processes: server.invoker.processCount)
        call.respond(
            Response(.ok, contentType: "text/plain; version=0.0.4; charset=utf-8", body: Array(text.utf8)))
    }
}
