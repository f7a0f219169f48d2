import FunctionGraph
import HTTPServer
import HTTPTypes
import Invocation
import Logging
import Sockets
import Triggers

/// One request on its way through the gateway: its id, and the way to answer it, once.
@EventLoopActor
final class GatewayCall {
    let exchange: Exchange
    let address: GatewayAddress
    /// The id of the invocation.
    var requestID = RequestIDGenerator.next()
    /// Whether a function's web page, of whatever origin, may read the answer.
    var allowsOtherOrigins = false

    private let startedAt = EventLoop.shared.now
    private let logger: Logger

    init(_ exchange: Exchange, at address: GatewayAddress, logger: Logger) {
        self.exchange = exchange
        self.address = address
        self.logger = logger
    }

    /// The id of the request as gateways write it, 32 hexadecimal digits: that of the invocation.
    var gatewayID: String { Self.gatewayID(requestID) }

    /// The id of the request of an invocation.
    static func gatewayID(_ requestID: String) -> String { requestID.filter { $0 != "-" } }

    /// Answers with a timeout unless something else has been answered by then.
    ///
    /// - Parameter milliseconds: from now on.
    func answer(within milliseconds: Int) {
        exchange.whenOverdue(after: UInt64(milliseconds)) { self.refuse(.backendTimeout(milliseconds)) }
    }

    /// Answers in the gateway's own name.
    func refuse(_ error: GatewayError) {
        respond(error.response(requestID: gatewayID))
    }

    /// Answers. Only the first answer counts.
    func respond(_ response: Response, hasOwnOrigins: Bool = false) {
        guard !exchange.isAnswered else { return }
        var response = response
        response.addHeader(.requestID, gatewayID)
        if allowsOtherOrigins, !hasOwnOrigins, exchange.request.hasHeader(.origin) {
            response.addHeader(.accessControlAllowOrigin, "*")
        }
        exchange.respond(response)
        guard logger.logLevel <= .debug else { return }
        let microseconds = (EventLoop.monotonicNanoseconds() - startedAt) / 1_000
        logger.debug(
            "gateway: \(exchange.request.method) \(address.group)\(address.path) \(response.status.code)",
            metadata: ["request": "\(requestID)", "us": "\(microseconds)"])
    }

    /// Answers what the function says.
    func respond(_ answer: APIGResponse) {
        var response = Response(HTTPResponse.Status(code: answer.status))
        var hasOwnOrigins = false
        for header in answer.headers {
            guard let name = HTTPField.Name(header.name) else { continue }
            switch name.canonicalName {
            case "content-length":
                // A web server's answer to HEAD says how long the body would be.
                if exchange.request.method == .head, answer.body.isEmpty {
                    response.announcedLength = Int(header.value).flatMap { $0 >= 0 ? $0 : nil }
                }
            case let other where Self.ownHeaders.contains(other): continue
            case "location": response.addHeader(name, address.location(header.value))
            case "set-cookie": response.addHeader(name, address.cookie(header.value))
            default:
                if name == .accessControlAllowOrigin { hasOwnOrigins = true }
                response.addHeader(name, header.value)
            }
        }
        response.body = answer.body
        response.addHeader(.functionRequestID, requestID)
        respond(response, hasOwnOrigins: hasOwnOrigins)
    }

    /// What is about the connection, which is the gateway's, or what the gateway says itself.
    private static let ownHeaders: Set<String> = [
        "connection", "date", "keep-alive", "proxy-authenticate", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade", "x-cff-request-id", "x-request-id",
    ]
}
