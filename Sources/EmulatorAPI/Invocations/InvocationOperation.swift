import Foundation
import FunctionGraph
import HTTPServer
import HTTPTypes
import Invocation
import JSON
import Sockets

/// `POST …/invocations` (I-1): runs a function and waits for its result.
@EventLoopActor
enum InvocationOperation {
    /// The largest event, in bytes.
    private static let bodyLimit = 6 << 20

    nonisolated static let routes = [
        Route(
            "I-1", .post, Route.Path.function + "/invocations", "Invoke a function and wait for its result",
            body: "Event", answer: "InvocationResult", .call(perform)),
        Route(
            "I-2", .post, Route.Path.function + "/invocations-async", "Invoke a function without waiting",
            body: "Event",
            status: 202, answer: "Acceptance", .call(performAsynchronously)),
    ]

    /// The blanks of JSON.
    private static let blanks = Set(" \t\n\r".utf8)

    /// The largest event of an asynchronous invocation, in bytes.
    private static let asynchronousBodyLimit = 256 << 10

    /// `POST …/invocations-async` (I-2): keeps the event, and answers when it is kept.
    static func performAsynchronously(_ target: RequestTarget, _ call: APICall, _ server: APIServer) {
        do throws(FGSError) {
            let event = try event(of: call.exchange.request, limit: asynchronousBodyLimit)
            let urn = try target.functionURN(region: server.configuration.region)
            let memory = WantedMemory(call.exchange.request)
            let accept = {
                server.asyncQueue.accept(urn, id: call.requestID, event: event, memory: memory.size) {
                    result in
                    switch result {
                    case .success:
                        call.respond(
                            with: .success(.json(["request_id": .string(call.requestID)], status: .accepted)))
                    case .failure(let error): call.respond(ErrorResponse.make(error))
                    }
                }
            }
            guard memory.isMeaningless else { return accept() }
            server.invoker.deployment(of: urn) { result in
                do throws(FGSError) {
                    try memory.check(for: result.get().0.function)
                    accept()
                } catch {
                    call.respond(ErrorResponse.make(error))
                }
            }
        } catch {
            call.respond(ErrorResponse.make(error))
        }
    }

    /// The event of a request; a body of nothing but blanks is none.
    ///
    /// - Throws: `FGSError` FSS.0413 and FSS.0406.
    private static func event(of request: Request, limit: Int) throws(FGSError) -> [UInt8] {
        guard request.body.count <= limit else {
            throw FGSError(
                .bodyTooLarge,
                "the size of request body is beyond maximum: \(limit), body size: \(request.body.count)")
        }
        guard !request.body.allSatisfy(blanks.contains) else { return [] }
        guard JSONValidator.isValid(request.body) else {
            throw FGSError(.notAcceptable, "the request body, which is the event, is not JSON")
        }
        return request.body
    }

    static func perform(_ target: RequestTarget, _ call: APICall, _ server: APIServer) {
        let (invoker, configuration) = (server.invoker, server.configuration)
        do throws(FGSError) {
            let request = call.exchange.request
            let event = try event(of: request, limit: bodyLimit)
            let urn = try target.functionURN(region: configuration.region)
            let answersEnvelope = request.header(.invocationVersion, is: "v1")
            let wantsLog = request.header(.functionLogType, is: "tail")
            let memory = WantedMemory(request)
            invoker.deployment(of: urn, memory: memory.size, header: { request.header(named: $0) }) {
                result in
                do throws(FGSError) {
                    let (deployment, alias) = try result.get()
                    try memory.check(for: deployment.function)
                    let invocation = Invocation(
                        requestID: call.requestID, alias: alias, event: event, wantsLog: wantsLog,
                        caller: call.exchange
                    ) { outcome in
                        call.respond(
                            response(
                                to: outcome, call.requestID, answersEnvelope, wantsLog, configuration.fidelity
                            ))
                    }
                    limitWait(for: deployment.function, call, configuration)
                    deployment.run(invocation)
                } catch {
                    call.respond(ErrorResponse.make(error))
                }
            }
        } catch {
            call.respond(ErrorResponse.make(error))
        }
    }

    /// Gives the client up when the platform's gateway would; the function goes on.
    private static func limitWait(
        for function: DeployedFunction, _ call: APICall, _ configuration: APIConfiguration
    ) {
        let limit = configuration.gatewaySeconds
        guard limit > 0, function.mayTakeLonger(than: limit) else { return }
        call.exchange.whenOverdue(after: UInt64(limit) * 1_000) {
            let error = FGSError(
                .gatewayTimedOut,
                "the function has not answered within \(limit) seconds; it goes on without a client")
            var response = ErrorResponse.make(error)
            response.addHeader(.functionRequestID, call.requestID)
            call.respond(response)
        }
    }

    private static func response(
        to result: Result<InvocationOutcome, InvocationRefusal>, _ requestID: String, _ answersEnvelope: Bool,
        _ wantsLog: Bool, _ fidelity: Fidelity
    ) -> Response {
        switch result {
        case .failure(.unreadableEvent):
            return ErrorResponse.make(FGSError(.notAcceptable, "the event could not be read as JSON"))
        case .failure(.functionDisabled):
            return ErrorResponse.make(fidelity.functionDisabled)
        case .failure(.tooManyRequests):
            return ErrorResponse.make(FGSError(.tooManyRequests, "reach max instance num"))
        case .failure(.platform(let reason)):
            return ErrorResponse.make(FGSError(.internalError, reason))
        case .success(let outcome):
            return answersEnvelope
                ? envelope(outcome, requestID, wantsLog: wantsLog)
                : plain(outcome, requestID, wantsLog: wantsLog, fidelity)
        }
    }

    private static func plain(
        _ outcome: InvocationOutcome, _ requestID: String, wantsLog: Bool, _ fidelity: Fidelity
    ) -> Response {
        let failed = !outcome.isSuccess && fidelity["failure_status"] == "500"
        var response = Response(
            failed ? .internalServerError : .ok, contentType: "application/json", body: outcome.body)
        addHeaders(of: outcome, requestID, version: "v0", wantsLog: wantsLog, to: &response)
        return response
    }

    private static func envelope(_ outcome: InvocationOutcome, _ requestID: String, wantsLog: Bool)
        -> Response
    {
        let body: JSONObject = [
            "request_id": .string(requestID),
            "result": .string(String(decoding: outcome.body, as: UTF8.self)),
            "log": .string(String(decoding: outcome.log, as: UTF8.self)),
            "status": .integer(outcome.isSuccess ? 200 : 500),
        ]
        var response = Response(.ok, contentType: "application/json", body: JSONValue.object(body).bytes)
        addHeaders(of: outcome, requestID, version: "v1", wantsLog: wantsLog, to: &response)
        return response
    }

    /// The last bytes of the log that fit the header, in bytes.
    private static let headerLogLength = 2_000

    private static func addHeaders(
        of outcome: InvocationOutcome, _ requestID: String, version: String, wantsLog: Bool,
        to response: inout Response
    ) {
        response.addHeader(.functionRequestID, requestID)
        response.addHeader(.invokeSummary, bytes: outcome.summary)
        response.addHeader(.billingDuration, "\(outcome.billedMilliseconds)")
        response.addHeader(.responseVersion, version)
        response.addHeader(.functionErrorCode, outcome.isSuccess ? "0" : "\(outcome.code)")
        response.addHeader(
            .isFunctionError, RuntimeCode.isFunctionError(outcome.code) ? "true" : "false")
        if wantsLog {
            let end = InvocationOutcome.end(of: outcome.log, headerLogLength)
            response.addHeader(.functionLog, Data(end).base64EncodedString())
        }
    }
}
