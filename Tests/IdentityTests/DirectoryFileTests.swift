import FunctionGraph
import Testing

@testable import Identity

/// The file that lists users, access keys and projects.
struct DirectoryFileTests {
    private static let complete = """
        domain: acme
        projects:
          eu-de: 11111111111111111111111111111111
          eu-de_staging: 0123e5
        users:
          - name: alice
            password: 007
          - name: bob
            password: "b:o,b"
            projects: [eu-de_staging, other]
        access_keys:
          - access: AK-alice
            secret: sk
            user: alice
          - access: AK-bob
            secret: sk
            user: bob
          - access: AK-robot
            secret: sk
            projects:
              - other
        """

    private func description(of yaml: String) -> String {
        do {
            _ = try Samples.directory(yaml)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "a wrong file is refused with the place and the reason",
        arguments: [
            ("", "auth.yaml: expected entries."),
            ("just text", "auth.yaml, line 1: expected keys and values."),
            ("- a", "auth.yaml, line 1: expected keys and values."),
            ("users: {", "auth.yaml: line 2 is not YAML: "),
            ("domain: a\ndomain: b", "auth.yaml: a key occurs twice"),
            (
                "\nuser: []",
                "auth.yaml, line 2: a key is unknown; there are: domain, projects, users, access_keys."
            ),
            ("users: []", "auth.yaml, line 1: expected a list that is not empty."),
            ("users:", "auth.yaml, line 1: expected a list that is not empty."),
            ("users: {alice: secret}", "auth.yaml, line 1: expected a list that is not empty."),
            ("users: [{name: a}]", "auth.yaml, line 1: the key password is missing."),
            ("users: [{password: a}]", "auth.yaml, line 1: the key name is missing."),
            ("users: [{name: a, password: }]", "auth.yaml, line 1: a password or secret must have"),
            ("users: [{name: a, password: [b]}]", "auth.yaml, line 1: expected a text."),
            ("users: [{name: '', password: b}]", "auth.yaml, line 1: a name must have"),
            ("users: [{name: \"a\\n\", password: b}]", "auth.yaml, line 1: a name must have"),
            ("users: [{name: a, password: b, admin: true}]", "auth.yaml, line 1: a key is unknown"),
            ("users: [{name: a, password: b, projects: []}]", "auth.yaml, line 1: expected a list"),
            (
                "users:\n- {name: a, password: b}\n- {name: a, password: c}",
                "auth.yaml, line 3: there is another"
            ),
            ("projects: [a]", "auth.yaml, line 1: expected keys and values."),
            ("projects: {a: 'b c'}", "auth.yaml, line 1: a project id must have"),
            ("projects:\n  a: x\n  b: x", "auth.yaml, line 3: another project has this id."),
            (
                "projects: {a: 0123456789abcdef0123456789abcdef}",
                "auth.yaml, line 1: another project has this id."
            ),
            ("access_keys: [{access: a}]", "auth.yaml, line 1: the key secret is missing."),
            ("access_keys: [{access: a/b, secret: s}]", "auth.yaml, line 1: an access key's id must have"),
            (
                "access_keys: [{access: a, secret: s, user: b}]",
                "auth.yaml, line 1: the user is not among the users."
            ),
            (
                "access_keys: [{access: a, secret: s}, {access: a, secret: t}]",
                "auth.yaml, line 1: there is another"
            ),
        ]
    )
    func wrongFile(yaml: String, expected: String) {
        #expect(description(of: yaml).hasPrefix(expected), "\(description(of: yaml))")
    }

    @Test(
        "no error tells a secret",
        arguments: [
            "users: [{name: a, password: hunter2]", "users: [{name: a, password: \"hunter2\n",
            "users: hunter2",
            "users: [{name: a, password: {hunter2: 1}}]", "access_keys: [{access: a b, secret: hunter2}]",
            "hunter2: 1", "users: [hunter2]",
            "users: [{name: a, password: hunter2}, {name: a, password: hunter2}]",
            "a: &x hunter2\nb: *y", "{hunter2: 1, hunter2: 2}",
        ]
    )
    func noSecrets(yaml: String) {
        #expect(!description(of: yaml).isEmpty)
        #expect(!description(of: yaml).contains("hunter2"))
    }

    @Test("a file that is not there is refused")
    func noFile() throws {
        let configuration = IdentityConfiguration(
            mode: .strict,
            file: "/nowhere/a.yaml",
            users: [],
            accessKeys: []
        )
        #expect {
            try Authenticator(
                configuration,
                region: "eu-de",
                defaultProject: ProjectID(Samples.project),
                clock: .init()
            )
        } throws: { "\($0)" == "/nowhere/a.yaml: No such file or directory." }
    }

    @Test(
        "a wrong entry of the environment is refused by its number",
        arguments: [["a:b", "hunter2"], ["a:b", "a:hunter2"], ["a:b", ":hunter2"], ["a:b", "c:"]]
    )
    func wrongEntry(entries: [String]) throws {
        for configuration in [
            IdentityConfiguration(mode: .strict, file: nil, users: entries, accessKeys: []),
            IdentityConfiguration(mode: .strict, file: nil, users: [], accessKeys: entries),
        ] {
            let variable = configuration.users.isEmpty ? "FGS_EMULATOR_ACCESS_KEYS" : "FGS_EMULATOR_USERS"
            #expect {
                try Authenticator(
                    configuration,
                    region: "eu-de",
                    defaultProject: ProjectID(Samples.project),
                    clock: .init()
                )
            } throws: { "\($0)".hasPrefix("\(variable), entry 2: ") && !"\($0)".contains("hunter2") }
        }
    }

    @Test("deep nesting does not overflow the stack", arguments: ["[", "{a: ", "- "])
    func nesting(piece: String) {
        #expect(!description(of: String(repeating: piece, count: 100_000)).isEmpty)
    }

    @Test("users are known by name and by id, and only with their passwords")
    func users() throws {
        let directory = try Samples.directory(Self.complete)
        let alice = try #require(directory.principal(claiming: Claim(name: "alice"), password: "007"))
        #expect(alice.name == "alice" && alice.domainName == "acme" && alice.projects == .all)
        #expect(directory.principal(claiming: Claim(id: alice.id), password: "007") == alice)
        #expect(directory.principal(claiming: Claim(name: "bob"), password: "b:o,b")?.name == "bob")
        for (claim, password) in [
            (Claim(name: "alice"), "7"), (Claim(name: "alice"), ""), (Claim(name: "alice"), "007 "),
            (Claim(name: "Alice"), "007"), (Claim(name: "carol"), "007"), (Claim(), "007"),
            (Claim(id: "alice"), "007"), (Claim(name: "alice", domainName: "other"), "007"),
            (Claim(name: "alice", domainID: "other"), "007"),
        ] {
            #expect(directory.principal(claiming: claim, password: password) == nil, "\(claim)")
        }
        for claim in [
            Claim(name: "alice", domainName: "acme"), Claim(name: "alice", domainID: directory.domainID),
        ] {
            #expect(directory.principal(claiming: claim, password: "007") == alice)
        }
    }

    @Test("projects have the ids of the file, others ids that follow from their names")
    func projects() throws {
        let directory = try Samples.directory(Self.complete)
        #expect(directory.defaultProject.id.description == "11111111111111111111111111111111")
        #expect(directory.project(named: "eu-de") == directory.defaultProject)
        #expect(directory.project(named: "eu-de_staging").id.description == "0123e5")
        let other = directory.project(named: "other").id.description
        #expect(other.count == 32 && other == directory.project(named: "other").id.description)
        #expect(try directory.project(ProjectID("0123e5")).name == "eu-de_staging")
        #expect(try directory.project(ProjectID("unheard-of")).name == "eu-de")
    }

    @Test("access keys work where they, or else their users, may")
    func accessKeys() throws {
        let directory = try Samples.directory(Self.complete)
        func names(_ key: String) throws -> [String]? {
            let principal = try #require(directory.accessKey(key)).principal
            guard case .only(let projects) = principal.projects else { return nil }
            return projects.map(\.name)
        }
        #expect(try names("AK-alice") == nil)
        #expect(try names("AK-bob") == ["eu-de_staging", "other"])
        #expect(try names("AK-robot") == ["other"])
        #expect(directory.accessKey("AK-bob")?.principal.name == "bob")
        #expect(directory.accessKey("AK-robot")?.principal.name == "AK-robot")
        #expect(directory.accessKey("ak-robot") == nil)
    }

    @Test("JSON is read too")
    func json() throws {
        let directory = try Samples.directory(
            #"{"users": [{"name": "a\u00e4", "password": "b\"c"}], "projects": {"p": "1"}}"#
        )
        #expect(directory.principal(claiming: Claim(name: "aä"), password: "b\"c") != nil)
        #expect(directory.project(named: "p").id.description == "1")
    }

    @Test("a secret shows in no dump of what holds it")
    func dumps() throws {
        var text = ""
        dump(try Samples.directory("users: [{name: a, password: hunter2}]"), to: &text)
        let secret = try #require(Secret("hunter2"))
        text += "\(secret) \(String(reflecting: secret))"
        #expect(!text.contains("hunter2") && !text.contains("104"))
    }
}
