import HTTPServer
import HTTPTypes
import Invocation
import Sockets

/// One request on its way through the API: its id, and the way to answer it.
@EventLoopActor
final class APICall {
    let exchange: Exchange
    /// The id of the request, which an invocation passes on to its handler.
    let requestID = RequestIDGenerator.next()
    /// When it arrived, on the loop's clock.
    let startedAt: UInt64
    private let server: APIServer

    init(_ exchange: Exchange, startedAt: UInt64, server: APIServer) {
        self.exchange = exchange
        self.startedAt = startedAt
        self.server = server
    }

    /// Answers with the id in both spellings that clients look for. Only the first answer counts.
    func respond(_ response: Response) {
        guard !exchange.isAnswered else { return }
        var response = response
        response.addHeader(.requestID, requestID)
        response.addHeader(.openStackRequestID, requestID)
        exchange.respond(response)
        server.answered(self, status: response.status.code)
    }

    /// Begins an answer that goes on.
    func stream(_ response: Response) -> ResponseStream? {
        var response = response
        response.addHeader(.requestID, requestID)
        server.answered(self, status: response.status.code)
        return exchange.stream(response)
    }

    /// Answers with what an operation came to.
    func respond(with result: Result<APIResponse, any Error>) {
        switch result {
        case .success(let response): respond(response.http())
        case .failure(let error): respond(server.response(for: error, requestID: requestID))
        }
    }
}
