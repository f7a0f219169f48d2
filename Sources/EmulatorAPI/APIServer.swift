import EventSources
import FunctionGraph
import FunctionStore
import HTTPServer
import HTTPTypes
import Identity
import Invocation
import JSON
import Logging
import Sockets
import Timekeeping

/// Answers every request of the emulator's one port.
@EventLoopActor
public final class APIServer: RequestHandler {
    let configuration: APIConfiguration
    let invoker: Invoker
    let asyncQueue: AsyncQueue
    let destinations: Destinations
    let triggers: TriggerEngine
    let clockControl: ClockControl
    let publisher: Publisher
    private let controlPlane: ControlPlane
    let authenticator: Authenticator
    var clock: Clock { controlPlane.clock }
    var store: FunctionStore { controlPlane.store }
    let workQueue: WorkQueue
    private let gateway: Gateway
    private let logger: Logger
    private let routes: RouteTable<Route>

    /// A server of these parts; `workQueue` runs what reads or writes the store.
    public init(
        _ configuration: APIConfiguration, controlPlane: ControlPlane, invoker: Invoker,
        asyncQueue: AsyncQueue, triggers: TriggerEngine, publisher: Publisher, destinations: Destinations,
        authenticator: Authenticator, workQueue: WorkQueue, logger: Logger
    ) {
        self.configuration = configuration
        self.controlPlane = controlPlane
        self.invoker = invoker
        self.asyncQueue = asyncQueue
        self.destinations = destinations
        self.triggers = triggers
        clockControl = ClockControl(triggers, queue: asyncQueue)
        self.publisher = publisher
        self.authenticator = authenticator
        self.workQueue = workQueue
        self.logger = logger
        gateway = Gateway(
            invoker: invoker, triggers: triggers, authenticator: authenticator, workQueue: workQueue,
            logger: logger)
        var routes = RouteTable<Route>()
        for route in RouteList.all { routes.add(route.method, route.template, route) }
        self.routes = routes
    }

    /// See `RequestHandler`.
    public func handle(_ exchange: Exchange) {
        let call = APICall(exchange, startedAt: EventLoop.shared.now, server: self)
        do throws(FGSError) {
            try configuration.browserGuard.checkHost(of: exchange.request)
            // Before a look at the page that a request comes from: APIs of functions are there for web pages.
            if let address = GatewayAddress(exchange.request) { return gateway.handle(exchange, at: address) }
            try configuration.browserGuard.checkOrigin(of: exchange.request)
            switch routes.match(exchange.request) {
            case .found(let route, let parameters):
                authenticate(call, route, parameters)
            case .methodNotAllowed(let allowed):
                var response = ErrorResponse.make(
                    status: 405, FGSError(.notFound, "\(exchange.request.method) is not offered here"))
                response.addHeader(.allow, allowed.map(\.rawValue).joined(separator: ", "))
                call.respond(response)
            case .notFound:
                throw FGSError(
                    .notFound, "there is no operation \(exchange.request.method) \(exchange.request.rawPath)")
            }
        } catch {
            call.respond(ErrorResponse.make(error))
        }
    }

    /// See `RequestHandler`.
    public func response(to error: ProtocolError) -> Response {
        var response = ErrorResponse.make(error)
        response.addHeader(.requestID, RequestIDGenerator.next())
        return response
    }

    /// Writes the access line of a request.
    func answered(_ call: APICall, status: Int) {
        guard logger.logLevel <= .debug else { return }
        let request = call.exchange.request
        let microseconds = (EventLoop.monotonicNanoseconds() - call.startedAt) / 1_000
        logger.debug(
            "\(request.method) \(request.rawPath) \(status)",
            metadata: ["request": "\(call.requestID)", "us": "\(microseconds)"])
    }

    /// Carries an operation out for a caller who may call it.
    func perform(_ route: Route, _ parameters: [String], _ call: APICall, by caller: Caller) {
        if case .call(let body) = route.action {
            body(parameters, call, self)
            return
        }
        let exchange = call.exchange
        let request = APIRequest(
            parameters: parameters, http: exchange.request, caller: caller, region: configuration.region,
            baseURL: "http://\(exchange.request.authority)")
        switch route.action {
        case .call: break
        case .immediate(let body):
            call.respond(with: Result { try body(request, self) })
        case .controlPlane(let body): run(body, request) { call.respond(with: $0) }
        case .triggers(let body):
            run(body, request) { [self] result in
                triggers.whenInForce { call.respond(with: result) }
            }
        case .record(let body):
            invoker.flushMetrics { [self] in
                invoker.logs.flush { [self] in
                    asyncQueue.flush { [self] in run(body, request) { call.respond(with: $0) } }
                }
            }
        }
    }

    private func run(
        _ body: @escaping @Sendable (APIRequest, ControlPlane) throws -> APIResponse, _ request: APIRequest,
        then completion: @escaping @EventLoopActor @Sendable (Result<APIResponse, any Error>) -> Void
    ) {
        let controlPlane = controlPlane
        workQueue.run {
            Result { try body(request, controlPlane) }
        } then: { result in
            completion(result)
        }
    }

    /// Turns whatever an operation threw into an answer. What is not an `FGSError` is our fault, and the log
    /// has it.
    func response(for error: any Error, requestID: String) -> Response {
        if let error = error as? FGSError { return ErrorResponse.make(error) }
        logger.error("an operation failed: \(error)", metadata: ["request": "\(requestID)"])
        return ErrorResponse.make(
            FGSError(
                .internalError, "the emulator failed: \(error). Its log says more under this request id."))
    }
}
