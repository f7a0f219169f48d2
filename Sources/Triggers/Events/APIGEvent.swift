import Foundation
import FunctionGraph
import JSON

/// The event of a request to an API of a gateway, shared or dedicated (runtime guide, "APIG").
public struct APIGEvent: TriggerEvent {
    /// The request.
    public let request: APIGRequest
    /// The parameters of its path; see `APIRoute.parameters(method:path:)`.
    public let pathParameters: JSONObject
    /// The id that the gateway gives the request.
    public let requestID: String
    /// The id of the API; see `Trigger.apiID`.
    public let apiID: String
    /// The name of the environment the API is published in.
    public let stage: String

    /// An event of a request.
    public init(
        _ request: APIGRequest,
        pathParameters: JSONObject = [:],
        requestID: String,
        apiID: String,
        stage: String = "RELEASE"
    ) {
        self.request = request
        self.pathParameters = pathParameters
        self.requestID = requestID
        self.apiID = apiID
        self.stage = stage
    }

    /// The event. The body is in Base64 whatever it is, even if it is empty, as gateways send it.
    public var json: JSONObject {
        [
            "httpMethod": .string(request.method),
            "path": .string(request.path),
            "pathParameters": .object(pathParameters),
            "queryStringParameters": .object(query),
            "headers": .object(headers),
            "body": .string(Data(request.body).base64EncodedString()),
            "isBase64Encoded": true,
            "requestContext": [
                "requestId": .string(requestID), "apiId": .string(apiID), "stage": .string(stage),
            ],
        ]
    }

    /// A parameter that is there several times has a list of values.
    private var query: JSONObject {
        var query = JSONObject()
        for (name, value) in request.query {
            switch query[name] {
            case nil: query[name] = .string(value)
            case .array(let values)?: query[name] = .array(values + [.string(value)])
            case let first?: query[name] = [first, .string(value)]
            }
        }
        return query
    }

    /// The gateway's own header fields, and behind them the client's. Names are in lower case; of a field that is
    /// there several times the values are joined.
    private var headers: JSONObject {
        var sent: JSONObject = [:]
        for (name, value) in request.headers {
            let name = name.lowercased()
            guard !Self.connectionHeaders.contains(name) else { continue }
            let separator = name == "cookie" ? "; " : ", "
            sent[name] = .string((sent[name]?.stringValue).map { $0 + separator + value } ?? value)
        }
        let host = sent["host"] ?? ""
        let forwarders = (sent["x-forwarded-for"]?.stringValue).map { $0 + ", " } ?? ""
        var headers: JSONObject = [
            "host": host,
            "x-request-id": .string(requestID),
            "x-forwarded-for": .string(forwarders + request.client),
            "x-real-ip": .string(request.client),
            "x-forwarded-host": host,
            "x-forwarded-port": .string(String(request.port)),
            "x-forwarded-proto": .string(request.scheme),
        ]
        for (name, value) in sent where headers[name] == nil { headers[name] = value }
        return headers
    }

    /// What is about the connection between client and gateway, and goes no further (RFC 9110, section 7.6.1).
    private static let connectionHeaders: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]
}
