import HTTPServer
import HTTPTypes
import Sockets

/// One row of the route table: everything that is known about an operation in one place.
struct Route: Sendable {
    /// How an operation is carried out.
    enum Action: Sendable {
        /// Off the event loop, since it reads or writes the store.
        case controlPlane(@Sendable (APIRequest, ControlPlane) throws -> APIResponse)
        /// On the event loop, since it needs nothing but memory.
        case immediate(@EventLoopActor @Sendable (APIRequest, APIServer) throws -> APIResponse)
        /// A synchronous invocation.
        case invocation
    }

    /// Who may call it.
    enum Access: Sendable {
        /// Whoever is authenticated.
        case authenticated
        /// Anyone: the operation is how one gets authenticated, or only says what the emulator is.
        case open
    }

    /// The operation's number in the API reference, or a name for those the emulator adds.
    let id: String
    /// The method.
    let method: HTTPRequest.Method
    /// The path, with `{name}` for parameters.
    let template: String
    /// Who may call it.
    let access: Access
    /// What it does.
    let action: Action

    init(
        _ id: String, _ method: HTTPRequest.Method, _ template: String, access: Access = .authenticated,
        _ action: Action
    ) {
        self.id = id
        self.method = method
        self.template = template
        self.access = access
        self.action = action
    }
}
