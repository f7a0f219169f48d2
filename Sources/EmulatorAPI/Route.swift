import FunctionGraph
import HTTPServer
import HTTPTypes
import Sockets

/// One row of the route table: everything that is known about an operation in one place. Requests are served by
/// it, and the OpenAPI document is drawn from it.
final class Route: Sendable {
    /// How an operation is carried out.
    enum Action: Sendable {
        /// Off the event loop, since it reads or writes the store.
        case controlPlane(@Sendable (APIRequest, ControlPlane) throws -> APIResponse)
        /// Shows the function that the path names: on the event loop if it is at hand; where it has to be read from the
        /// store, off it.
        case show(FunctionAnswer)
        /// As `controlPlane`; answered when triggers fire as they now should.
        case triggers(@Sendable (APIRequest, ControlPlane) throws -> APIResponse)
        /// As `controlPlane`, once everything that has run up to now has been stored.
        case record(@Sendable (APIRequest, ControlPlane) throws -> APIResponse)
        /// On the event loop, since it needs nothing but memory.
        case immediate(@EventLoopActor @Sendable (APIRequest, APIServer) throws -> APIResponse)
        /// On the event loop, answering when it likes.
        case call(@EventLoopActor @Sendable (RequestTarget, APICall, APIServer) -> Void)
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
    /// What it does, in a few words.
    let summary: String
    /// Who may call it.
    let access: Access
    /// The query parameters it looks at.
    let query: [QueryParameter]
    /// The schema of its body, by name; nil for none.
    let body: String?
    /// The status of success.
    let status: Int
    /// The schema of the answer, by name; nil for none.
    let answer: String?
    /// What it does.
    let action: Action

    init(
        _ id: String, _ method: HTTPRequest.Method, _ template: String, _ summary: String,
        access: Access = .authenticated, query: [QueryParameter] = [], body: String? = nil, status: Int = 200,
        answer: String? = nil, _ action: Action
    ) {
        self.id = id
        self.method = method
        self.template = template
        self.summary = summary
        self.access = access
        self.query = query
        self.body = body
        self.status = status
        self.answer = answer
        self.action = action
    }

    /// The paths that operations have in common.
    enum Path {
        static let functions = "/v2/{project_id}/fgs/functions"
        static let function = "/v2/{project_id}/fgs/functions/{function_urn}"
        static let dependencies = "/v2/{project_id}/fgs/dependencies"
        static let triggers = "/v2/{project_id}/fgs/triggers/{function_urn}"
        static let tags = "/v2/{project_id}/functions"
    }
}
