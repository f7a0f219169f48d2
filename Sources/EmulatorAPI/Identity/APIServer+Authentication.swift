import FunctionGraph
import HTTPServer
import HTTPTypes
import Identity
import Sockets

extension APIServer {
    /// Hashing a body of this size takes the event loop a few hundred microseconds; larger ones are hashed
    /// elsewhere.
    private static let hashedOnLoop = 64 << 10

    /// Carries an operation out if the caller may call it, and refuses otherwise.
    func authenticate(_ call: APICall, _ target: RequestTarget) {
        if target.route.access == .open { return perform(target, call, by: .anyone) }
        let request = call.exchange.request
        let hasToken = request.hasHeader(.authToken)
        guard hasToken || request.hasHeader(.authorization) else {
            return admit(.failure(.noCredentials), to: target, call)
        }
        if authenticator.mode == .lenient { return perform(target, call, by: .anyone) }
        let authenticator = authenticator
        if hasToken {
            let token = request.header(.authToken) ?? ""
            admit(
                Result { () throws(AccessError) in try authenticator.caller(token: token) },
                to: target,
                call
            )
        } else if request.body.count <= Self.hashedOnLoop {
            admit(Self.signer(of: request, authenticator), to: target, call)
        } else {
            workQueue.run {
                Self.signer(of: request, authenticator)
            } then: { result in
                self.admit(result, to: target, call)
            }
        }
    }

    private nonisolated static func signer(
        of request: Request,
        _ authenticator: Authenticator
    ) -> Result<Caller, AccessError> {
        Result { () throws(AccessError) in try authenticator.caller(signing: SignedRequest(request)) }
    }

    private func admit(
        _ result: Result<Caller, AccessError>,
        to target: RequestTarget,
        _ call: APICall
    ) {
        do throws(AccessError) {
            let caller = try result.get()
            if target.route.isProjectScoped, !caller.mayUse(project: target.parameters[0]) {
                throw .foreignProject
            }
            perform(target, call, by: caller)
        } catch {
            call.respond(AccessRefusal.response(to: error, of: target.route, mode: authenticator.mode))
        }
    }
}

extension SignedRequest {
    /// What of an HTTP request a signature covers.
    init(_ request: Request) {
        self.init(
            method: request.method.rawValue,
            path: Array(request.pathBytes),
            query: Array((request.rawQuery ?? "").utf8),
            headers: request.headers,
            body: request.body
        )
    }
}
