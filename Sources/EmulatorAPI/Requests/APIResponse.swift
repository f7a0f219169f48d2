import HTTPServer
import HTTPTypes
import JSON

/// What an operation answers.
struct APIResponse: Sendable {
    /// What an answer carries.
    enum Body: Sendable {
        /// Nothing.
        case none
        /// A JSON value.
        case json(JSONValue)
        /// A JSON value as text.
        case text([UInt8])
        /// An archive to be saved under a name.
        case archive([UInt8], fileName: String)
    }

    /// The status.
    var status: HTTPResponse.Status
    /// The body.
    var body = Body.none
    /// Header lines beside the usual ones.
    var headers: [(name: HTTPField.Name, value: String)] = []

    /// An answer with a JSON body.
    static func json(_ body: JSONValue, status: HTTPResponse.Status = .ok) -> APIResponse {
        APIResponse(status: status, body: .json(body))
    }

    /// An answer with a JSON object.
    static func object(_ body: JSONObject, status: HTTPResponse.Status = .ok) -> APIResponse {
        .json(.object(body), status: status)
    }

    /// An answer whose body is the text of a JSON value.
    static func text(_ body: [UInt8]) -> APIResponse { APIResponse(status: .ok, body: .text(body)) }

    /// An answer without a body, for what has been deleted.
    static let noContent = APIResponse(status: .noContent)

    /// An answer without a body, for what has been done.
    static let empty = APIResponse(status: .ok)

    /// The answer as HTTP.
    func http() -> Response {
        var response: Response
        switch body {
        case .none: response = Response(status)
        case .json(let value): response = Self.json(value.bytes, status)
        case .text(let bytes): response = Self.json(bytes, status)
        case .archive(let bytes, let fileName):
            response = Response(status, contentType: "application/zip", body: bytes)
            response.addHeader(
                .contentDisposition, "attachment; filename=\"\(fileName.filter { $0 != "\"" })\"")
        }
        for header in headers { response.addHeader(header.name, header.value) }
        return response
    }

    private static func json(_ text: [UInt8], _ status: HTTPResponse.Status) -> Response {
        Response(status, contentType: "application/json", body: text)
    }
}
