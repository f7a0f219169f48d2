import FunctionGraph
import JSON
import Testing

struct APIRouteTests {
    private static func route(_ path: String, _ mode: String = "NORMAL", _ method: String = "GET") throws
        -> APIRoute
    {
        let data = try TriggerSamples.trigger(
            .apig,
            ["path": .string(path), "match_mode": .string(mode), "req_method": .string(method)]
        ).data
        return try #require(APIRoute(data))
    }

    @Test("only triggers of gateways have routes", arguments: TriggerType.allCases)
    func otherTypes(_ type: TriggerType) throws {
        let route = APIRoute(try TriggerSamples.trigger(type).data)
        #expect((route != nil) == [.apig, .dedicatedGateway].contains(type))
    }

    @Test(
        "a route does not serve other paths",
        arguments: [
            ("/shop/orders", "NORMAL", "/shop/orders/42"), ("/shop/orders", "NORMAL", "/shop"),
            ("/shop/orders", "NORMAL", "/Shop/orders"), ("/orders/{id}", "NORMAL", "/orders"),
            ("/orders/{id}", "NORMAL", "/orders/"), ("/shop", "SWA", "/shopping"), ("/shop", "SWA", "/"),
        ]
    )
    func otherPaths(_ path: String, _ mode: String, _ request: String) throws {
        #expect(try Self.route(path, mode).parameters(method: "GET", path: request) == nil)
    }

    @Test("a route serves its method, and ANY serves all")
    func methods() throws {
        #expect(try Self.route("/a").parameters(method: "POST", path: "/a") == nil)
        #expect(try Self.route("/a", "NORMAL", "ANY").parameters(method: "POST", path: "/a") == [:])
    }

    @Test(
        "parameters go by their names, and what follows a prefix by an empty one",
        arguments: [
            ("/shop/orders", "NORMAL", "/shop/orders", [:]),
            ("/shop/orders", "NORMAL", "/shop/orders/", [:]),
            ("/orders/{id}", "NORMAL", "/orders/42", ["id": "42"]),
            ("/{kind}/x/{id}", "NORMAL", "/orders/x/4%2F2", ["kind": "orders", "id": "4%2F2"]),
            ("/shop/orders", "SWA", "/shop/orders/42", ["": "42"]),
            ("/shop/{id}", "SWA", "/shop/42/items/7/", ["id": "42", "": "items/7/"]),
            ("/shop", "SWA", "/shop", [:]),
            ("/", "SWA", "/any/thing", ["": "any/thing"]),
        ] as [(String, String, String, JSONObject)]
    )
    func parameters(_ path: String, _ mode: String, _ request: String, _ expected: JSONObject) throws {
        #expect(try Self.route(path, mode).parameters(method: "GET", path: request) == expected)
    }

    @Test("the most specific route comes first")
    func order() throws {
        let ordered = [
            try Self.route("/orders/new"), try Self.route("/orders/new", "NORMAL", "ANY"),
            try Self.route("/orders/{id}"), try Self.route("/orders/new", "SWA"),
            try Self.route("/orders", "SWA"),
            try Self.route("/", "SWA"),
        ]
        for (index, route) in ordered.enumerated() {
            #expect(ordered[(index + 1)...].allSatisfy { route.precedes($0) && !$0.precedes(route) })
        }
    }

    @Test("a route says how the function is called")
    func backend() throws {
        let route = try #require(
            APIRoute(
                TriggerSamples.trigger(.apig, ["func_info": ["timeout": 250, "invocation_type": "async"]])
                    .data
            )
        )
        #expect(route.timeout == 250)
        #expect(route.isAsynchronous)
        #expect(route.group == "group-1")
        #expect(route.isPrefix)
    }
}
