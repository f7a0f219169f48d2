import Foundation
import FunctionGraph
import JSON

/// The response of a gateway's API, as the function's result describes it (runtime guide, "APIG").
public struct APIGResponse: Hashable, Sendable {
    /// A header field.
    public struct Header: Hashable, Sendable {
        /// Its name, as the function spelled it.
        public let name: String
        /// Its value.
        public let value: String

        /// A field.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The HTTP status.
    public let status: Int
    /// The header fields; one that the function gave a list of values stands here once for each.
    public let headers: [Header]
    /// The body, decoded.
    public let body: [UInt8]

    /// Reads the result of a handler: an object with `statusCode`, and perhaps `headers`, `body` and
    /// `isBase64Encoded`. The status may be written as a string; the values of `headers` may be lists, as those of
    /// functions that serve HTTP are, and numbers and booleans.
    ///
    /// - Throws: `FGSError` `.responseWithoutStatusCode` (FSS.1202) for everything else.
    public init(result: [UInt8]) throws(FGSError) {
        guard let object = (try? JSONValue(parsing: result))?.objectValue else {
            throw Self.fault("it must be a JSON object with statusCode, headers, body and isBase64Encoded")
        }
        status = try Self.status(object["statusCode"] ?? .null)
        headers = try Self.headers(object["headers"] ?? .null)
        body = try Self.body(object["body"] ?? .null, isBase64: object["isBase64Encoded"] ?? .null)
    }

    /// Informational statuses are no answer, so that a function cannot end with one.
    private static func status(_ json: JSONValue) throws(FGSError) -> Int {
        guard let status = json.integerValue ?? json.stringValue.flatMap({ Int($0) }) else {
            throw fault("statusCode must be an integer")
        }
        guard 200...599 ~= status else {
            throw fault("statusCode is \(status); it must be between 200 and 599")
        }
        return status
    }

    private static func headers(_ json: JSONValue) throws(FGSError) -> [Header] {
        guard !json.isNull else { return [] }
        guard let object = json.objectValue else { throw fault("headers must be an object") }
        var headers: [Header] = []
        for (name, value) in object {
            guard isHeaderName(name) else { throw fault("headers has a name that HTTP does not allow") }
            for value in value.arrayValue ?? [value] {
                guard let text = headerValue(value) else {
                    throw fault("the header '\(name)' must be a string")
                }
                headers.append(Header(name, text))
            }
        }
        return headers
    }

    private static func headerValue(_ json: JSONValue) -> String? {
        switch json {
        case .string(let text): text.unicodeScalars.allSatisfy(isHeaderScalar) ? text : nil
        case .number, .bool: json.text
        case .null, .array, .object: nil
        }
    }

    private static func body(_ json: JSONValue, isBase64: JSONValue) throws(FGSError) -> [UInt8] {
        guard isBase64.isNull || isBase64.boolValue != nil else {
            throw fault("isBase64Encoded must be true or false")
        }
        guard !json.isNull else { return [] }
        guard let text = json.stringValue else { throw fault("body must be a string") }
        guard isBase64 == true else { return Array(text.utf8) }
        // Some encoders break lines.
        let lines = text.filter { !$0.isNewline }
        guard let data = Data(base64Encoded: lines) else {
            throw fault("body is not Base64, as isBase64Encoded says")
        }
        return Array(data)
    }

    private static func isHeaderName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.value > 0x20 && scalar.value < 0x7F
                    && !"\"(),/:;<=>?@[\\]{}".unicodeScalars.contains(scalar)
            }
    }

    /// A line break would let a value add header fields.
    private static func isHeaderScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\t" || scalar.value >= 0x20 && scalar.value != 0x7F
    }

    private static func fault(_ rule: String) -> FGSError {
        FGSError(.responseWithoutStatusCode, "the function's response is not valid: \(rule)")
    }
}
