import FunctionGraph
import Testing

@testable import Identity

/// Tokens: what they are good for, and how long.
struct TokenTests {
    private let start = Samples.now

    private func token(endingAfter milliseconds: Int64 = 1_000) -> Token {
        Token(
            principal: Principal(id: "1", name: "a", domainName: "d", projects: .all),
            scope: .domain,
            methods: ["password"],
            issuedAt: start,
            expiresAt: start.advanced(byMilliseconds: milliseconds)
        )
    }

    @Test("a token is good until its end, and not at it")
    func expiry() {
        let store = TokenStore()
        let token = token()
        store.add(token, at: start)
        #expect(store.token(token.id, at: start.advanced(byMilliseconds: 999)) === token)
        #expect(store.token(token.id, at: start.advanced(byMilliseconds: 1_000)) == nil)
    }

    @Test("a revoked token is worth nothing, others stay")
    func revocation() {
        let store = TokenStore()
        let (first, second) = (token(), token())
        store.add(first, at: start)
        store.add(second, at: start)
        store.revoke(first.id)
        store.revoke(first.id)
        #expect(store.token(first.id, at: start) == nil)
        #expect(store.token(second.id, at: start) === second)
    }

    @Test("a full store drops the oldest token")
    func capacity() {
        let store = TokenStore(capacity: 3)
        let tokens = (0..<100).map { _ in token() }
        for token in tokens { store.add(token, at: start) }
        #expect(store.count == 3)
        #expect(
            tokens.map { store.token($0.id, at: start) != nil } == Array(repeating: false, count: 97) + [
                true, true, true,
            ]
        )
    }

    @Test("expired tokens make room before good ones do")
    func sweeping() {
        let store = TokenStore(capacity: 3)
        let later = start.advanced(byMilliseconds: 2_000)
        store.add(token(), at: start)
        store.add(token(), at: start)
        let good = (0..<3).map { _ in token(endingAfter: 10_000) }
        for token in good { store.add(token, at: later) }
        #expect(good.allSatisfy { store.token($0.id, at: later) === $0 })
        #expect(store.count == 3)
    }

    @Test("logging in and out without end keeps a token that stays in use")
    func revokedOnesTakeNoRoom() {
        let store = TokenStore(capacity: 4)
        let kept = token()
        store.add(kept, at: start)
        for _ in 0..<1_000 {
            let short = token()
            store.add(short, at: start)
            store.revoke(short.id)
        }
        #expect(store.token(kept.id, at: start) === kept)
        #expect(store.count == 1)
    }

    @Test("ids are 32 digits, differ, and are read in either case")
    func ids() {
        let ids = Set((0..<1_000).map { _ in TokenID() })
        #expect(ids.count == 1_000)
        for id in ids {
            #expect(id.description.count == 32)
            #expect(TokenID(id.description) == id && TokenID(id.description.uppercased()) == id)
        }
    }

    @Test(
        "what cannot be an id is none",
        arguments: [
            "", "made-up", String(repeating: "0", count: 31), String(repeating: "0", count: 33),
            String(repeating: "g", count: 32), "0x" + String(repeating: "0", count: 30),
            String(repeating: "é", count: 16),
        ]
    )
    func noIDs(text: String) {
        #expect(TokenID(text) == nil)
    }
}
