import FunctionGraph
import HTTPServer
import HTTPTypes
import Identity
import JSON

/// A request to a control-plane operation: what its handler needs, and nothing of the connection.
struct APIRequest: Sendable {
    /// The values of the template's parameters, decoded, in its order.
    let parameters: [String]
    /// The request itself.
    let http: Request
    /// Who sent it.
    let caller: Caller
    /// The region of the service.
    let region: String
    /// The URL this server was reached by, without a slash at the end.
    var baseURL: String { "http://\(http.authority)" }

    /// The project of a path that begins with `/v2/{project_id}`.
    var project: ProjectID {
        get throws(FGSError) { try ProjectID(parameters[0]) }
    }

    /// The function of a path that goes on with a URN.
    var urn: FunctionURN {
        get throws(FGSError) { try FunctionURN(parameters[1], in: project, region: region) }
    }

    /// The first value of a query parameter; nil if it is not there.
    func query(_ name: String) -> String? { http.queryParameter(name) }

    /// The first value of a query parameter; nil if it is not there or empty.
    func nonEmptyQuery(_ name: String) -> String? { query(name).flatMap { $0.isEmpty ? nil : $0 } }

    /// The body as a JSON object. An empty body is an empty object.
    ///
    /// - Throws: `FGSError` with FSS.0406 when the body is no JSON, FSS.0400 when it is no object.
    func object() throws(FGSError) -> JSONObject { try Self.object(http.body) }

    /// A body as a JSON object. An empty body is an empty object.
    ///
    /// - Throws: `FGSError` with FSS.0406 when the body is no JSON, FSS.0400 when it is no object.
    static func object(_ body: [UInt8]) throws(FGSError) -> JSONObject {
        if body.isEmpty { return [:] }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: body)
        } catch {
            throw FGSError(.notAcceptable, "the request body is not JSON: \(error)")
        }
        guard case .object(let object) = value else {
            throw FGSError(.invalidParameter, "the request body must be a JSON object")
        }
        return object
    }
}
