import FunctionGraph
import JSON

/// The OpenAPI 3.1 description of every operation, drawn from the route table that serves them.
enum OpenAPIDocument {
    /// The document.
    static func make(baseURL: String) -> JSONObject {
        var paths = JSONObject()
        for route in RouteList.all {
            var item = paths[route.template]?.objectValue ?? ["parameters": .array(pathParameters(of: route))]
            item[route.method.rawValue.lowercased()] = .object(operation(route))
            paths[route.template] = .object(item)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "FunctionGraph v2, emulated", "version": "2",
                "description":
                    "The FunctionGraph API, what clients need of Keystone, and what only an emulator has.",
            ],
            "servers": [["url": .string(baseURL)]],
            "paths": .object(paths),
            "components": [
                "schemas": .object(Schemas.all),
                "securitySchemes": [
                    "token": ["type": "apiKey", "in": "header", "name": "X-Auth-Token"],
                    "signature": ["type": "apiKey", "in": "header", "name": "Authorization"],
                ],
            ],
        ]
    }

    private static func operation(_ route: Route) -> JSONObject {
        var operation: JSONObject = [
            "operationId": .string(route.id), "summary": .string(route.summary),
            "security": route.access == .open ? [] : [["token": []], ["signature": []]],
        ]
        if !route.query.isEmpty {
            operation["parameters"] = .array(
                route.query.map { parameter in
                    [
                        "name": .string(parameter.name), "in": "query",
                        "description": .string(parameter.about),
                        "schema": ["type": parameter.isNumber ? "integer" : "string"],
                    ]
                })
        }
        if let body = route.body {
            operation["requestBody"] = ["content": content(body)]
        }
        var success: JSONObject = ["description": "It is done."]
        if let answer = route.answer { success["content"] = content(answer) }
        operation["responses"] = [
            String(route.status): .object(success),
            "default": ["description": "It was refused, and why.", "content": content("Error")],
        ]
        return operation
    }

    private static func content(_ schema: String) -> JSONValue {
        ["application/json": ["schema": Schemas.reference(schema)]]
    }

    private static func pathParameters(of route: Route) -> [JSONValue] {
        route.template.split(separator: "/").filter { $0.hasPrefix("{") }.map { segment in
            [
                "name": .string(String(segment.dropFirst().dropLast())), "in": "path", "required": true,
                "schema": ["type": "string"],
            ]
        }
    }
}
