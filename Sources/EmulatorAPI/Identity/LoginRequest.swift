import FunctionGraph
import Identity
import JSON

/// The body of `POST /v3/auth/tokens`, read as the login it means. Members that are not there are left to whoever
/// checks the login, since lenient servers do without them.
enum LoginRequest {
    /// The longest body, in bytes.
    static let maximumLength = 64 << 10

    /// Reads a body.
    ///
    /// - Throws: `KeystoneError` with 400 when there is no `auth.identity` or a name is too long; `FGSError` for a
    ///   project id that is none.
    static func login(_ body: JSONObject) throws -> Login {
        guard let auth = body["auth"]?.objectValue, let identity = auth["identity"]?.objectValue else {
            throw KeystoneError(.badRequest, "The body must have the object auth.identity.")
        }
        return Login(try proof(identity), for: try wish(auth["scope"]))
    }

    private static func proof(_ identity: JSONObject) throws -> Login.Proof {
        let methods = identity["methods"]?.arrayValue?.compactMap(\.stringValue)
        func uses(_ method: String) -> Bool { methods?.contains(method) ?? (identity[method] != nil) }
        if uses("token") { return .token(identity["token"]?["id"]?.stringValue ?? "") }
        guard uses("password") else { return .other }
        let user = identity["password"]?["user"]
        let claim = Claim(
            name: try name(user?["name"]),
            id: try name(user?["id"]),
            domainName: try name(user?["domain"]?["name"]),
            domainID: try name(user?["domain"]?["id"])
        )
        return .password(claim, user?["password"]?.stringValue ?? "")
    }

    private static func wish(_ scope: JSONValue?) throws -> Login.Wish {
        guard let scope, scope != "unscoped", scope["unscoped"] == nil else {
            return scope == nil ? .unstated : .nothing
        }
        if let id = scope["project"]?["id"]?.stringValue { return .project(try ProjectID(id)) }
        if let name = try name(scope["project"]?["name"]), !name.isEmpty { return .projectNamed(name) }
        return scope["domain"] == nil ? .unstated : .domain
    }

    private static func name(_ value: JSONValue?) throws(KeystoneError) -> String? {
        guard let name = value?.stringValue else { return nil }
        guard name.utf8.count <= Directory.maximumNameLength else {
            throw KeystoneError(.badRequest, "Names have at most \(Directory.maximumNameLength) bytes.")
        }
        return name
    }
}
