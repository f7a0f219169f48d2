import FunctionGraph
import JSON

/// What a client asks for with `POST /v3/auth/tokens`: who it is, and which project it wants.
struct TokenRequest: Sendable {
    /// How the client identifies itself: `password`, `token`, ….
    let methods: [String]
    /// The user's name, where the client gives one.
    let userName: String
    /// The name of the user's domain.
    let domainName: String
    /// The project's id, if the client scopes its token by id.
    let projectID: String?
    /// The project's name, if it scopes it by name.
    let projectName: String?

    /// Reads a request; every member but the outermost is optional, as it is for lenient servers.
    ///
    /// - Throws: `FGSError` with FSS.0400 when there is no `auth.identity`.
    init(_ body: JSONObject) throws(FGSError) {
        guard let auth = body["auth"]?.objectValue, let identity = auth["identity"]?.objectValue else {
            throw FGSError(.invalidParameter, "the body must have the object auth.identity")
        }
        let user = identity["password"]?.objectValue?["user"]?.objectValue
        let project = auth["scope"]?.objectValue?["project"]?.objectValue
        methods = identity["methods"]?.arrayValue?.compactMap(\.stringValue) ?? ["password"]
        userName = user?["name"]?.stringValue ?? user?["id"]?.stringValue ?? "local"
        domainName = user?["domain"]?.objectValue?["name"]?.stringValue ?? "local"
        projectID = project?["id"]?.stringValue
        projectName = project?["name"]?.stringValue
    }
}
