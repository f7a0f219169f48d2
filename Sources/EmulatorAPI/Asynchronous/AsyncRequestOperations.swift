import FunctionGraph
import FunctionStore
import HTTPTypes
import JSON
import Sockets

/// Asynchronous invocations that were accepted.
enum AsyncRequestOperations {
    static let routes = [
        Route(
            "A-5", .get, Route.Path.function + "/async-invocations", "List asynchronous invocations",
            query: [
                QueryParameter("request_id", "one request"),
                QueryParameter("status", "those that stand there"),
                QueryParameter("query_begin_time", "accepted no earlier"),
                QueryParameter("query_end_time", "accepted no later"), .limit, .marker,
            ], answer: "AsyncRequestList", .record(list)),
        Route(
            "A-6", .post, Route.Path.function + "/cancel", "Stop an asynchronous invocation",
            body: "Cancellation",
            .call(cancel)),
    ]

    /// How far back a list goes unless somebody says otherwise, in milliseconds.
    private static let window: Int64 = 3_600_000
    /// The most characters that a request id has in a question (API reference).
    private static let maximumIDLength = 64

    static func list(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let now = plane.clock.now()
        let marker = request.nonEmptyQuery("marker")
        // The Python SDK pages by the id of the last item.
        let isNumber = marker.map { Int($0) != nil } ?? true
        let page = try Page(
            marker: isNumber ? marker : nil, size: request.query("limit"), standard: 100, maximum: 500)
        let id = try request.nonEmptyQuery("request_id").map { id throws(FGSError) in
            guard id.unicodeScalars.count <= maximumIDLength else {
                throw FGSError(
                    .invalidParameter, "request_id may have \(maximumIDLength) characters at most")
            }
            return id
        }
        // Who names a request finds it however old it is.
        let oldest = id == nil ? now.advanced(byMilliseconds: -window) : Timestamp(milliseconds: 0)
        var filter = FunctionStore.AsyncRequestFilter(
            since: try time("query_begin_time", request) ?? oldest,
            until: try time("query_end_time", request) ?? now)
        filter.requestID = id
        filter.after = isNumber ? nil : marker
        filter.status = try request.nonEmptyQuery("status").map { text throws(FGSError) in
            guard let status = AsyncStatus(rawValue: text.uppercased()) else {
                throw FGSError(
                    .invalidParameter,
                    "status must be one of \(AsyncStatus.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return status
        }
        let found = try plane.store.asyncRequests(of: request.urn, filter, page)
        return .json([
            "invocations": .array(found.page.map { .object($0.body) }), "count": .integer(found.total),
            "next_marker": .integer(page.offset + found.page.count),
        ])
    }

    /// `POST …/cancel`: what has ended already stays as it is.
    @EventLoopActor
    static func cancel(_ target: RequestTarget, _ call: APICall, _ server: APIServer) {
        do throws(FGSError) {
            let urn = try target.functionURN(region: server.configuration.region)
            let body = try APIRequest.object(call.exchange.request.body)
            let id = try body.required("request_id", or: .invalidParameter)
            let type = try body.optionalText("type", or: .invalidParameter) ?? "force"
            guard ["force", "recursive"].contains(type) else {
                throw FGSError(.invalidParameter, "type must be force or recursive")
            }
            let store = server.store
            let hasCanceled = server.asyncQueue.cancel(id, of: urn, stopsCalls: type == "recursive")
            server.asyncQueue.flush {
                server.workQueue.run {
                    Result<Bool, any Error> {
                        _ = try store.function(urn)
                        return try hasCanceled || store.hasAsyncRequest(id, of: urn)
                    }
                } then: { result in
                    call.respond(with: answer(to: result))
                }
            }
        } catch {
            call.respond(ErrorResponse.make(error))
        }
    }

    private static func answer(to isKnown: Result<Bool, any Error>) -> Result<APIResponse, any Error> {
        isKnown.mapError { error in
            (error as? FGSError).map { FGSError(.notFound, "can not find function: \($0.message)") } ?? error
        }.flatMap { isKnown in
            isKnown ? .success(.json(.null)) : .failure(FGSError(.invalidParameter, "Invalid RequestId"))
        }
    }

    private static func time(_ parameter: String, _ request: APIRequest) throws(FGSError) -> Timestamp? {
        guard let text = request.nonEmptyQuery(parameter) else { return nil }
        guard let time = Timestamp(text) else {
            throw FGSError(.invalidParameter, "\(parameter) must be a time such as 2025-03-17T10:11:12 (UTC)")
        }
        return time
    }
}
