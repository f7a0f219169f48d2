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
    private let functions: FunctionCache
    let authenticator: Authenticator
    var clock: Clock { controlPlane.clock }
    var store: FunctionStore { controlPlane.store }
    let workQueue: WorkQueue
    /// For requests with large bodies: to read through an archive takes long, and keeps nobody else waiting here.
    private let archiveQueue = WorkQueue(label: "fgs-emulator.archives", width: 2)
    let health: Health
    private let gateway: Gateway
    private let logger: Logger
    private let routes: RouteTable<Route>

    /// What paths name that are asked for again and again.
    private var targets: [PathKey: RequestTarget] = [:]
    /// The name that the last request called the server by, which was a right one, and the gateway's group if it is the
    /// name of one. The next request usually says the same.
    private var lastAuthority: String?
    private var lastGroup: String?

    private static let knownTargetLimit = 1_024
    private static let longestKnownPath = 512
    /// What more than this unpacks to may take seconds to read, in bytes.
    private static let largeBody = 64 << 10

    /// A server of these parts; `workQueue` runs what reads or writes the store.
    public init(
        _ configuration: APIConfiguration, controlPlane: ControlPlane, invoker: Invoker,
        asyncQueue: AsyncQueue, triggers: TriggerEngine, publisher: Publisher, destinations: Destinations,
        authenticator: Authenticator, workQueue: WorkQueue, logger: Logger
    ) {
        self.configuration = configuration
        self.controlPlane = controlPlane
        functions = FunctionCache(of: controlPlane.account)
        self.invoker = invoker
        self.asyncQueue = asyncQueue
        self.destinations = destinations
        self.triggers = triggers
        clockControl = ClockControl(triggers, queue: asyncQueue)
        self.publisher = publisher
        self.authenticator = authenticator
        self.workQueue = workQueue
        health = Health(invoker)
        self.logger = logger
        gateway = Gateway(
            invoker: invoker, triggers: triggers, authenticator: authenticator, workQueue: workQueue,
            logger: logger)
        var routes = RouteTable<Route>()
        for route in RouteList.all { routes.add(route.method, route.template, route) }
        self.routes = routes
    }

    /// Told of every change of the store, in their order and before the operations that made them are answered.
    public func storeChanged(_ change: StoreChange) { functions.apply(change) }

    /// See `RequestHandler`.
    public func handle(_ exchange: Exchange) {
        let call = APICall(exchange, startedAt: EventLoop.shared.now, server: self)
        do throws(FGSError) {
            let authority = exchange.request.authority
            if authority != lastAuthority {
                try configuration.browserGuard.check(authority: authority)
                lastAuthority = authority
                lastGroup = GatewayAddress.group(of: authority)
            }
            // Before a look at the page that a request comes from: APIs of functions are there for web pages.
            if let address = GatewayAddress(exchange.request, authority, namedGroup: lastGroup) {
                return gateway.handle(exchange, at: address)
            }
            try configuration.browserGuard.checkOrigin(of: exchange.request, authority)
            if let target = knownTarget(of: exchange.request) { return authenticate(call, target) }
            switch routes.match(exchange.request) {
            case .found(let route, let parameters):
                let target = RequestTarget(route, parameters)
                keep(target, for: exchange.request)
                authenticate(call, target)
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

    private func knownTarget(of request: Request) -> RequestTarget? {
        guard let target = targets[PathKey(request)], target.route.method == request.method else {
            return nil
        }
        return target
    }

    /// Remembers what a path names, of requests that come again and again: invocations, and whatever has a fixed path.
    /// All is forgotten when it gets too much.
    private func keep(_ target: RequestTarget, for request: Request) {
        switch target.route.action {
        case .call where target.route.method == .post: break
        default: guard target.parameters.isEmpty else { return }
        }
        let key = PathKey(request)
        guard key.count <= Self.longestKnownPath else { return }
        if targets.count == Self.knownTargetLimit { targets.removeAll(keepingCapacity: true) }
        targets[key] = target
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
    func perform(_ target: RequestTarget, _ call: APICall, by caller: Caller) {
        let route = target.route
        if case .call(let body) = route.action {
            body(target, call, self)
            return
        }
        let exchange = call.exchange
        let request = APIRequest(
            parameters: target.parameters, http: exchange.request, caller: caller,
            region: configuration.region)
        switch route.action {
        case .call: break
        case .immediate(let body):
            call.respond(with: Result { try body(request, self) })
        case .controlPlane(let body): run(body, request) { call.respond(with: $0) }
        case .show(let answer): show(answer, request, call)
        case .triggers(let body):
            run(body, request) { [self] result in
                triggers.whenInForce { call.respond(with: result) }
            }
        case .record(let body):
            invoker.flushMetrics { [self] in
                asyncQueue.flush { [self] in run(body, request) { call.respond(with: $0) } }
            }
        }
    }

    /// Shows the function that a request names, at once if it is at hand.
    private func show(_ answer: FunctionAnswer, _ request: APIRequest, _ call: APICall) {
        let urn: FunctionURN
        do throws(FGSError) {
            urn = try request.urn
        } catch {
            return call.respond(with: .failure(error))
        }
        if let text = functions.text(of: answer, about: urn) {
            return call.respond(with: .success(.text(text)))
        }
        let state = functions.state
        let store = store
        workQueue.run {
            Result { try store.detail(urn) }
        } then: { [functions] result in
            let shown = result.map { functions.keep($0, for: urn, readIn: state) }
            call.respond(with: shown.map { .text($0.text(of: answer)) })
        }
    }

    private func run(
        _ body: @escaping @Sendable (APIRequest, ControlPlane) throws -> APIResponse, _ request: APIRequest,
        then completion: @escaping @EventLoopActor @Sendable (Result<APIResponse, any Error>) -> Void
    ) {
        let controlPlane = controlPlane
        let queue = request.http.body.count > Self.largeBody ? archiveQueue : workQueue
        queue.run {
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
