import HTTPServer
import HTTPTypes
import JSON

/// What a control-plane operation answers.
struct APIResponse: Sendable {
    /// The status.
    var status: HTTPResponse.Status
    /// The body; nil for none at all.
    var body: JSONValue?
    /// Header lines beside the usual ones.
    var headers: [(name: HTTPField.Name, value: String)] = []

    /// An answer with a JSON body.
    static func json(_ body: JSONValue, status: HTTPResponse.Status = .ok) -> APIResponse {
        APIResponse(status: status, body: body)
    }

    /// An answer without a body.
    static let noContent = APIResponse(status: .noContent)

    /// The answer as HTTP.
    func http() -> Response {
        var response =
            body.map { Response(status, contentType: "application/json", body: $0.bytes) } ?? Response(status)
        for header in headers { response.addHeader(header.name, header.value) }
        return response
    }
}
