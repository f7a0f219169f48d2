import EventSources
import FunctionGraph
import HTTPServer
import HTTPTypes
import Identity
import Invocation
import JSON
import Logging
import Sockets
import Triggers

/// The API gateway: brings requests to the functions that APIG and DEDICATEDGATEWAY triggers name, and their
/// answers back (runtime guide, "APIG").
@EventLoopActor
final class Gateway {
    private let routes = GatewayRoutes()
    private let invoker: Invoker
    private let triggers: TriggerEngine
    private let authenticator: Authenticator
    private let workQueue: WorkQueue
    private let logger: Logger

    /// The largest bodies, in bytes: what events of invocations may have.
    private static let bodyLimit = 6 << 20
    private static let asynchronousBodyLimit = 256 << 10
    /// Hashing a larger body would hold up the event loop.
    private static let hashedOnLoop = 64 << 10

    /// A gateway of what an engine knows; before the engine starts.
    init(
        invoker: Invoker, triggers: TriggerEngine, authenticator: Authenticator, workQueue: WorkQueue,
        logger: Logger
    ) {
        self.invoker = invoker
        self.triggers = triggers
        self.authenticator = authenticator
        self.workQueue = workQueue
        self.logger = logger
        triggers.add(routes)
    }

    /// Answers a request.
    func handle(_ exchange: Exchange, at address: GatewayAddress) {
        let call = GatewayCall(exchange, at: address, logger: logger)
        // So that a trigger can be called as soon as the answer to its creation is there.
        triggers.whenCurrent { [self] in lookUp(call) }
    }

    private func lookUp(_ call: GatewayCall) {
        let request = call.exchange.request
        if isPreflight(request), answerPreflight(call) { return }
        switch routes.match(request.method.rawValue, at: call.address) {
        case .notFound: call.refuse(.unknownAPI)
        case .methodNotAllowed(let methods): call.refuse(.methodNotAllowed(methods))
        case .found(let route, let parameters):
            call.allowsOtherOrigins = route.allowsOtherOrigins
            authenticate(call, for: route) { [self] in perform(call, route, parameters) }
        }
    }

    // MARK: Web pages of other origins

    private func isPreflight(_ request: Request) -> Bool {
        request.method == .options && request.hasHeader(.origin)
            && request.hasHeader(.accessControlRequestMethod)
    }

    /// - Returns: Whether the path has an API that web pages of other origins may call.
    private func answerPreflight(_ call: GatewayCall) -> Bool {
        let methods = routes.methodsForOtherOrigins(at: call.address)
        guard !methods.isEmpty else { return false }
        var response = Response(.noContent)
        response.addHeader(.accessControlAllowMethods, methods.joined(separator: ", "))
        if let wanted = call.exchange.request.header(.accessControlRequestHeaders) {
            response.addHeader(.accessControlAllowHeaders, wanted)
        }
        response.addHeader(.accessControlMaxAge, "600")
        call.allowsOtherOrigins = true
        call.respond(response)
        return true
    }

    // MARK: Who calls

    private func authenticate(
        _ call: GatewayCall, for route: GatewayRoute, then body: @escaping () -> Void
    ) {
        let request = call.exchange.request
        let refuse = { (reason: String) in call.refuse(.unauthenticated(route.access, reason)) }
        let isStrict = authenticator.mode == .strict
        switch route.access {
        case .anyone: body()
        case .user where request.hasHeader(.authToken):
            let token = request.header(.authToken) ?? ""
            guard !isStrict || authenticator.token(token) != nil else {
                return refuse("the token is unknown, expired or revoked")
            }
            body()
        case .application where request.hasHeader(.appCode):
            let code = request.header(.appCode) ?? ""
            guard !isStrict || authenticator.knows(applicationCode: code) else {
                return refuse("X-Apig-AppCode is not the secret of an access key")
            }
            body()
        case .user, .application:
            guard request.hasHeader(.authorization) else {
                return refuse(
                    route.access == .user
                        ? "the request has neither an X-Auth-Token nor a signature"
                        : "the request has neither an X-Apig-AppCode nor a signature")
            }
            guard isStrict else { return body() }
            verifySignature(of: request) { error in
                if let error { refuse(error.isEmpty ? "verify aksk signature fail" : error) } else { body() }
            }
        }
    }

    /// Calls back with why a signature does not hold; nil if it does.
    private func verifySignature(of request: Request, completion: @escaping (String?) -> Void) {
        let authenticator = authenticator
        let verify = { @Sendable () -> String? in
            do throws(AccessError) {
                _ = try authenticator.caller(signing: SignedRequest(request))
                return nil
            } catch {
                if case .signatureRefused(let reason) = error { return "\(reason)" }
                return ""
            }
        }
        if request.body.count <= Self.hashedOnLoop {
            completion(verify())
        } else {
            workQueue.run {
                verify()
            } then: { reason in
                completion(reason)
            }
        }
    }

    // MARK: Calling

    private func perform(_ call: GatewayCall, _ route: GatewayRoute, _ parameters: JSONObject) {
        let limit = route.rule.isAsynchronous ? Self.asynchronousBodyLimit : Self.bodyLimit
        guard call.exchange.request.body.count <= limit else { return call.refuse(.bodyTooLarge(limit)) }
        if route.rule.isAsynchronous {
            submit(call, route, parameters)
        } else {
            invoke(call, route, parameters)
        }
    }

    private func submit(_ call: GatewayCall, _ route: GatewayRoute, _ parameters: JSONObject) {
        triggers.fire(route.bound) { requestID in
            call.requestID = requestID
            return event(of: call, route, parameters)
        } accepted: { result in
            switch result {
            case .failure(let error): call.refuse(.refused(error))
            case .success(let requestID):
                let body: JSONValue = ["request_id": .string(requestID)]
                var response = Response(.accepted, contentType: "application/json", body: body.bytes)
                response.addHeader(.functionRequestID, requestID)
                call.respond(response)
            }
        }
    }

    private func invoke(_ call: GatewayCall, _ route: GatewayRoute, _ parameters: JSONObject) {
        let request = call.exchange.request
        let event = event(of: call, route, parameters)
        let now = triggers.timekeeper.clock.now()
        let fires = triggers.fires
        let number = fires.append(Fire(route.bound, requestID: call.requestID, due: now, fired: now))
        call.answer(within: route.rule.timeout)
        invoker.deployment(of: route.bound.target, header: { request.header(named: $0) }) { [self] result in
            switch result {
            case .failure(let error):
                fires.conclude(number, .failed(code: 0, message: error.message))
                call.refuse(.backendUnavailable(error.message))
            case .success((let deployment, let alias)):
                deployment.run(
                    Invocation(
                        requestID: call.requestID, alias: alias, event: event, wantsLog: false,
                        caller: call.exchange
                    ) {
                        [self] result in
                        fires.conclude(number, fireResult(of: result))
                        answer(call, result)
                    })
            }
        }
    }

    private func event(of call: GatewayCall, _ route: GatewayRoute, _ parameters: JSONObject) -> [UInt8] {
        let request = call.exchange.request
        var headers = request.headers
        if !call.address.prefix.isEmpty {
            headers.removeAll { $0.name.lowercased() == "x-forwarded-prefix" }
            headers.append(("x-forwarded-prefix", call.address.prefix))
        }
        let sent = APIGRequest(
            method: request.method.rawValue, path: call.address.path, query: request.queryParameters,
            headers: headers, body: request.body, client: call.exchange.clientAddress, port: call.address.port
        )
        return APIGEvent(
            sent, pathParameters: parameters, requestID: call.gatewayID, apiID: route.bound.trigger.apiID,
            stage: route.stage
        ).bytes
    }

    // MARK: Answering

    private func answer(_ call: GatewayCall, _ result: Result<InvocationOutcome, InvocationRefusal>) {
        switch result {
        case .success(let outcome) where outcome.isSuccess:
            do throws(FGSError) {
                call.respond(try APIGResponse(result: outcome.body))
            } catch {
                call.refuse(.refused(error))
            }
        case .success(let outcome) where Self.handlerFailures.contains(outcome.code):
            var response = Response(
                .internalServerError, contentType: "application/json", body: outcome.body)
            response.addHeader(.functionRequestID, call.requestID)
            response.addHeader(.functionErrorCode, "\(outcome.code)")
            response.addHeader(.isFunctionError, "true")
            call.respond(response)
        case .success(let outcome): call.refuse(.backendUnavailable(outcome.errorMessage))
        case .failure(.unreadableEvent): call.refuse(.backendUnavailable("the event could not be read"))
        case .failure(.functionDisabled):
            call.refuse(.refused(invoker.fidelity.functionDisabled))
        case .failure(.tooManyRequests):
            call.refuse(.refused(FGSError(.tooManyRequests, "reach max instance num")))
        case .failure(.platform(let reason)): call.refuse(.backendUnavailable(reason))
        }
    }

    /// What the handler does itself, in an instance that works.
    private static let handlerFailures: Set<UInt32> = Set(
        [.entryFailed, .handlerRaised, .resultTooLarge, .resultInvalid, .invocationTimedOut]
            .map(\RuntimeCode.rawValue))

    private func fireResult(of result: Result<InvocationOutcome, InvocationRefusal>) -> FireResult {
        switch result {
        case .success(let outcome) where outcome.isSuccess: .succeeded
        case .success(let outcome): .failed(code: Int(outcome.code), message: outcome.errorMessage)
        case .failure(let refusal): .failed(code: 0, message: "\(refusal)")
        }
    }
}
