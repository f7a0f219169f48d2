import FunctionGraph
import Testing
import Timekeeping

@testable import Identity

/// Who is let in, and how far.
struct AuthenticatorTests {
    private static let file = """
        projects: {eu-de_a: project-a, eu-de_b: project-b}
        users:
          - {name: alice, password: secret}
          - {name: bob, password: secret, projects: [eu-de_a, eu-de_b]}
        """

    private let strict: Authenticator
    private let open = Authenticator(
        .strict,
        Directory(region: "eu-de", defaultProject: try! ProjectID(Samples.project)),
        clock: Clock()
    )
    private let lenient = Authenticator(
        .lenient,
        Directory(region: "eu-de", defaultProject: try! ProjectID(Samples.project)),
        clock: Clock()
    )

    init() throws {
        strict = Authenticator(.strict, try Samples.directory(Self.file), clock: Clock())
    }

    private func failure(_ body: () throws(AccessError) -> some Any) -> AccessError? {
        do throws(AccessError) {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    private func bob(_ wish: Login.Wish = .unstated) throws(AccessError) -> Token {
        try strict.logIn(Login(.password(Claim(name: "bob"), "secret"), for: wish))
    }

    // MARK: Refusals

    @Test("a wrong password, an unknown user and other methods are refused")
    func wrongProof() {
        for (proof, expected) in [
            (Login.Proof.password(Claim(name: "bob"), "Secret"), AccessError.wrongPassword),
            (.password(Claim(name: "carol"), "secret"), .wrongPassword),
            (.password(Claim(), "secret"), .wrongPassword),
            (.token("made-up"), .unknownToken), (.token(TokenID().description), .unknownToken),
            (.other, .unknownMethod),
        ] {
            #expect(
                failure { () throws(AccessError) in try strict.logIn(Login(proof, for: .unstated)) }
                    == expected
            )
        }
    }

    @Test("a project that is not the user's is not offered")
    func foreignProject() throws {
        for wish in [
            Login.Wish.projectNamed("eu-de"), .projectNamed("other"), .project(try ProjectID("project-c")),
        ] {
            #expect(failure { () throws(AccessError) in try bob(wish) } == .projectNotOffered)
        }
    }

    @Test("a token that was revoked is unknown")
    func revoked() throws {
        let token = try bob()
        #expect(failure { () throws(AccessError) in try strict.caller(token: token.id.description) } == nil)
        strict.revoke(token)
        #expect(
            failure { () throws(AccessError) in try strict.caller(token: token.id.description) }
                == .unknownToken
        )
    }

    @Test("another user's token is not shown")
    func foreignToken() throws {
        let own = try bob()
        let other = try strict.logIn(Login(.password(Claim(name: "alice"), "secret"), for: .unstated))
        #expect(
            failure { () throws(AccessError) in try strict.token(other.id.description, for: .token(own)) }
                == .foreignToken
        )
        #expect(
            failure { () throws(AccessError) in try strict.token("nothing", for: .token(own)) }
                == .noSuchToken
        )
        #expect(try strict.token(own.id.description, for: .token(bob())) === own)
    }

    @Test("a token is good for its project and for no other")
    func scope() throws {
        let caller = Caller.token(try bob(.projectNamed("eu-de_b")))
        #expect(caller.mayUse(project: "project-b"))
        for id in ["project-a", "project-", "project-bb", "PROJECT-B", ""] {
            #expect(!caller.mayUse(project: id))
        }
        for wish in [Login.Wish.domain, .nothing] {
            #expect(!Caller.token(try bob(wish)).mayUse(project: "project-b"))
        }
    }

    @Test("project ids that only look the same are two projects")
    func lookalikes() throws {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        #expect(composed == decomposed)
        let login = Login(.password(Claim(name: "u"), "p"), for: .project(try ProjectID(composed)))
        let caller = Caller.token(try open.logIn(login))
        #expect(caller.mayUse(project: composed) && !caller.mayUse(project: decomposed))
    }

    // MARK: Letting in

    @Test("a login without a project gets the region's, or else the user's first")
    func home() throws {
        #expect(try bob().project?.name == "eu-de_a")
        let alice = try strict.logIn(Login(.password(Claim(name: "alice"), "secret"), for: .unstated))
        #expect(alice.project?.name == "eu-de")
    }

    @Test("a token is exchanged for one of another project, which ends no later")
    func exchange() throws {
        let first = try bob(.nothing)
        let second = try strict.logIn(Login(.token(first.id.description), for: .projectNamed("eu-de_b")))
        #expect(
            second.project?.name == "eu-de_b" && second.principal == first.principal && second.id != first.id
        )
        #expect(second.expiresAt <= first.expiresAt)
        #expect(second.methods == ["token", "password"])
        #expect(
            failure { () throws(AccessError) in
                try strict.logIn(Login(.token(first.id.description), for: .projectNamed("eu-de")))
            } == .projectNotOffered
        )
    }

    @Test("a token lives for a day")
    func lifetime() throws {
        let token = try bob()
        #expect(token.expiresAt.milliseconds - token.issuedAt.milliseconds == 86_400_000)
    }

    @Test("an empty directory lets every user in by password, and knows only its own tokens")
    func openDirectory() throws {
        let token = try open.logIn(Login(.password(Claim(name: "anyone"), "x"), for: .projectNamed("any")))
        #expect(failure { () throws(AccessError) in try open.caller(token: token.id.description) } == nil)
        #expect(failure { () throws(AccessError) in try open.caller(token: "made-up") } == .unknownToken)
        #expect(
            failure { () throws(AccessError) in try open.caller(signing: Samples.plain[0].complete) }
                == .signatureRefused(.skewed)
        )
    }

    @Test("a lenient server believes everything")
    func lenientServer() throws {
        for proof in [Login.Proof.password(Claim(name: "u"), "p"), .token("made-up"), .other] {
            let token = try lenient.logIn(Login(proof, for: .projectNamed("any")))
            #expect(token.project == lenient.directory.project(named: "any"))
        }
    }
}
