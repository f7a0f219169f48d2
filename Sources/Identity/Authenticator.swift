import FunctionGraph
import Timekeeping

/// Decides who may come in: gives out tokens, and recognises tokens and signatures.
///
/// It can be used from any thread.
public final class Authenticator: Sendable {
    /// How long a token is good for.
    public static let tokenLifetimeMilliseconds: Int64 = 24 * 3_600_000

    /// What is checked.
    public let mode: AuthenticationMode
    /// Who may come in, and the projects there are.
    public let directory: Directory
    private let verifier: SignatureVerifier
    private let tokens = TokenStore()
    private let clock: Clock

    /// An authenticator for a directory. Tokens expire by `clock`.
    public init(_ mode: AuthenticationMode, _ directory: Directory, clock: Clock) {
        self.mode = mode
        self.directory = directory
        self.clock = clock
        verifier = SignatureVerifier(directory)
    }

    /// Reads what a configuration names.
    ///
    /// - Throws: `DirectoryError` if the file or an entry cannot be used.
    public convenience init(
        _ configuration: IdentityConfiguration,
        region: String,
        defaultProject: ProjectID,
        clock: Clock
    ) throws(DirectoryError) {
        var directory = Directory(region: region, defaultProject: defaultProject)
        if let path = configuration.file { try DirectoryFile(path: path).enter(into: &directory) }
        try directory.add(users: configuration.users, from: "FGS_EMULATOR_USERS")
        try directory.add(accessKeys: configuration.accessKeys, from: "FGS_EMULATOR_ACCESS_KEYS")
        self.init(configuration.mode, directory, clock: clock)
    }

    /// What the person who started the server may not have meant; nil if all is clear.
    public var remark: String? {
        switch (mode, directory.isOpen) {
        case (.strict, true): "authentication is strict, but no users are configured: any password will do"
        case (.lenient, false):
            "users and access keys are configured, but authentication is lenient: nothing is checked"
        default: nil
        }
    }

    // MARK: Requests

    /// The holder of the token that came with a request.
    ///
    /// - Throws: `AccessError` `.unknownToken`.
    public func caller(token text: String) throws(AccessError) -> Caller {
        guard let token = token(text) else { throw .unknownToken }
        return .token(token)
    }

    /// The holder of the access key a request is signed with. This hashes the body.
    ///
    /// - Throws: `AccessError` `.signatureRefused`.
    public func caller(signing request: SignedRequest) throws(AccessError) -> Caller {
        do throws(SignatureError) {
            // Clients sign with the time of their machines, which is not steered with the emulator's clock.
            return .accessKey(try verifier.principal(of: request, at: Clock.systemTime()))
        } catch {
            throw .signatureRefused(error)
        }
    }

    /// Whether a text is the code of an application, which is the secret of an access key.
    public func knows(applicationCode code: String) -> Bool { directory.hasAccessKey(withSecret: code) }

    /// A token that was given out here and is good.
    public func token(_ text: String) -> Token? {
        TokenID(text).flatMap { tokens.token($0, at: clock.now()) }
    }

    /// Somebody a lenient server has not looked at.
    public var stranger: Principal { directory.stranger(Claim()) }

    // MARK: Tokens

    /// Gives out a token.
    ///
    /// - Throws: `AccessError` if the server is strict and the proof does not hold or the wish is too large.
    public func logIn(_ login: Login) throws(AccessError) -> Token {
        let now = clock.now()
        let (principal, methods, earlierEnd) = try recognise(login.proof)
        let end = now.advanced(byMilliseconds: Self.tokenLifetimeMilliseconds)
        let token = Token(
            principal: principal,
            scope: try scope(login.wish, principal),
            methods: methods,
            issuedAt: now,
            // A token does not live longer by being exchanged.
            expiresAt: min(end, earlierEnd ?? end)
        )
        tokens.add(token, at: now)
        return token
    }

    private func recognise(
        _ proof: Login.Proof
    ) throws(AccessError) -> (Principal, methods: [String], earlierEnd: Timestamp?) {
        switch (proof, mode) {
        case (.password(let claim, _), .lenient):
            return (directory.stranger(claim), ["password"], nil)
        case (.password(let claim, let password), .strict):
            guard let user = directory.principal(claiming: claim, password: password) else {
                throw .wrongPassword
            }
            return (user, ["password"], nil)
        case (.token(let text), _):
            if let earlier = token(text) {
                let methods = ["token"] + earlier.methods.filter { $0 != "token" }
                return (earlier.principal, methods, earlier.expiresAt)
            }
            guard mode == .lenient else { throw .unknownToken }
            return (stranger, ["token"], nil)
        case (.other, _):
            guard mode == .lenient else { throw .unknownMethod }
            return (stranger, ["password"], nil)
        }
    }

    /// The token a caller asks about. To a lenient server one that is not known is as good as any.
    ///
    /// - Throws: `AccessError` `.noSuchToken`, or `.foreignToken` if it is another user's.
    public func token(_ text: String, for caller: Caller) throws(AccessError) -> Token {
        guard let token = token(text) else {
            guard mode == .lenient else { throw .noSuchToken }
            let now = clock.now()
            return Token(
                principal: stranger,
                scope: .project(directory.defaultProject),
                methods: ["password"],
                issuedAt: now,
                expiresAt: now.advanced(byMilliseconds: Self.tokenLifetimeMilliseconds)
            )
        }
        let asking: Principal? =
            switch caller {
            case .anyone: nil
            case .token(let own): own.principal
            case .accessKey(let principal): principal
            }
        guard asking.map({ $0.id == token.principal.id }) ?? true else { throw .foreignToken }
        return token
    }

    /// Makes a token worthless.
    public func revoke(_ token: Token) { tokens.revoke(token.id) }

    private func scope(_ wish: Login.Wish, _ principal: Principal) throws(AccessError) -> Token.Scope {
        let project: Project
        switch wish {
        case .nothing: return .nothing
        case .domain: return .domain
        case .unstated: project = directory.homeProject(of: principal)
        case .projectNamed(let name): project = directory.project(named: name)
        case .project(let id): project = directory.project(id)
        }
        guard principal.projects.includes(project.id.description) else { throw .projectNotOffered }
        return .project(project)
    }
}
