import FunctionGraph
import Testing
import Triggers

struct APIGResponseTests {
    private static func response(_ result: String) throws(FGSError) -> APIGResponse {
        try APIGResponse(result: Array(result.utf8))
    }

    @Test(
        "a result that describes no response is FSS.1202, status 500",
        arguments: [
            "", "hello", #""hello""#, "null", "7", "[200]", "{}", #"{"body": "ok"}"#,
            #"{"statusCode": null}"#,
            #"{"statusCode": "ok"}"#, #"{"statusCode": 200.5}"#, #"{"statusCode": true}"#,
            #"{"statusCode": 101}"#,
            #"{"statusCode": 600}"#, #"{"statusCode": -1}"#, #"{"statusCode": 200, "body": {"id": 42}}"#,
            #"{"statusCode": 200, "body": 42}"#, #"{"statusCode": 200, "headers": "none"}"#,
            #"{"statusCode": 200, "headers": ["a"]}"#, #"{"statusCode": 200, "headers": {"a": null}}"#,
            #"{"statusCode": 200, "headers": {"a": {"b": "c"}}}"#,
            #"{"statusCode": 200, "headers": {"a": [["b"]]}}"#,
            #"{"statusCode": 200, "headers": {"": "b"}}"#, #"{"statusCode": 200, "headers": {"a b": "c"}}"#,
            #"{"statusCode": 200, "headers": {"grün": "c"}}"#,
            #"{"statusCode": 200, "headers": {"a": "b\r\nSet-Cookie: c=1"}}"#,
            #"{"statusCode": 200, "headers": {"a\r\nb": "c"}}"#,
            #"{"statusCode": 200, "headers": {"a": "\u0000"}}"#,
            #"{"statusCode": 200, "isBase64Encoded": "true"}"#,
            #"{"statusCode": 200, "body": "no base64!", "isBase64Encoded": true}"#,
        ]
    )
    func refused(_ result: String) {
        let error = #expect(throws: FGSError.self) { try Self.response(result) }
        #expect(error?.code == .responseWithoutStatusCode)
        #expect(error?.status == 500)
    }

    @Test("the status is enough")
    func statusOnly() throws {
        let response = try Self.response(#"{"statusCode": 204}"#)
        #expect(response.status == 204)
        #expect(response.headers.isEmpty)
        #expect(response.body.isEmpty)
        #expect(
            try Self.response(#"{"statusCode": 204, "headers": null, "body": null, "isBase64Encoded": null}"#)
                == response
        )
    }

    @Test("status, header fields and text arrive as the handler gave them")
    func textResponse() throws {
        let response = try Self.response(
            #"{"statusCode": 201, "headers": {"Content-Type": "application/json", "X-Trace": "9"}, "#
                + #""body": "{\"name\": \"gr\u00fcn\"}", "isBase64Encoded": false}"#
        )
        #expect(response.status == 201)
        #expect(response.headers == [.init("Content-Type", "application/json"), .init("X-Trace", "9")])
        #expect(response.body == Array(#"{"name": "grün"}"#.utf8))
    }

    @Test(
        "a body in Base64 is decoded, with or without breaks of lines",
        arguments: ["/wABAg==", "/wAB\\r\\nAg==\\n"]
    )
    func base64(_ body: String) throws {
        let response = try Self.response(#"{"statusCode": 200, "body": "\#(body)", "isBase64Encoded": true}"#)
        #expect(response.body == [0xFF, 0, 1, 2])
    }

    @Test("a status may be written as text, and a header may have several values, numbers too")
    func lenience() throws {
        let response = try Self.response(
            #"{"statusCode": "404", "headers": {"Set-Cookie": ["a=1", "b=2"], "Age": 7, "X-Done": true, "X-No": []}}"#
        )
        #expect(response.status == 404)
        #expect(
            response.headers == [
                .init("Set-Cookie", "a=1"), .init("Set-Cookie", "b=2"), .init("Age", "7"),
                .init("X-Done", "true"),
            ]
        )
    }
}
