import HTTPTypes

/// One request, complete with its body.
///
/// The head is kept as the bytes that arrived, with offsets into them; a header becomes a `String` when
/// somebody asks for it.
public struct Request: Sendable {
    struct Field: Sendable {
        var nameStart: UInt32
        var nameEnd: UInt32
        var valueStart: UInt32
        var valueEnd: UInt32
    }

    /// The method; methods are case-sensitive.
    public let method: HTTPRequest.Method
    /// The body, with any chunked coding removed; empty when there was none.
    public internal(set) var body: [UInt8]

    let head: [UInt8]
    let fields: [Field]
    let target: Range<Int>
    let path: Range<Int>
    let query: Range<Int>?

    /// The request target exactly as sent, percent-encoding and query included. Signatures cover this.
    public var rawTarget: String { String(decoding: head[target], as: UTF8.self) }

    /// The path exactly as sent, without the query.
    public var rawPath: String { String(decoding: head[path], as: UTF8.self) }

    /// The path's bytes exactly as sent.
    public var pathBytes: ArraySlice<UInt8> { head[path] }

    /// The query exactly as sent, without the question mark; nil when there was none.
    public var rawQuery: String? { query.map { String(decoding: head[$0], as: UTF8.self) } }

    /// The `Host` header: the name or address the client used, with the port if it gave one.
    public var authority: String { header(Self.hostName) ?? "" }

    /// HTTPTypes keeps this name for its own use.
    private static let hostName = HTTPField.Name("Host")!

    /// The value of a header, with surrounding blanks removed; several lines of one name are joined by `, `.
    public func header(_ name: HTTPField.Name) -> String? {
        var joined: String?
        for field in fields where matches(field, name) {
            let value = String(decoding: head[Int(field.valueStart)..<Int(field.valueEnd)], as: UTF8.self)
            joined = joined.map { "\($0), \(value)" } ?? value
        }
        return joined
    }

    /// The value of a header that only the running program knows the name of; letter case does not matter.
    public func header(named name: String) -> String? { HTTPField.Name(name).flatMap(header) }

    /// Whether a header is present and not empty. Makes no `String`.
    public func hasHeader(_ name: HTTPField.Name) -> Bool {
        fields.contains { $0.valueStart < $0.valueEnd && matches($0, name) }
    }

    /// Whether a header has exactly this value, letter case aside. Makes no `String`.
    public func header(_ name: HTTPField.Name, is value: StaticString) -> Bool {
        for field in fields where matches(field, name) {
            let bytes = head[Int(field.valueStart)..<Int(field.valueEnd)]
            guard bytes.count == value.utf8CodeUnitCount else { return false }
            return value.withUTF8Buffer { expected in
                zip(bytes, expected).allSatisfy { ASCII.lowercased($0) == ASCII.lowercased($1) }
            }
        }
        return false
    }

    /// Every header line in the order sent, names as sent.
    public var headers: [(name: String, value: String)] {
        fields.map { field in
            (
                String(decoding: head[Int(field.nameStart)..<Int(field.nameEnd)], as: UTF8.self),
                String(decoding: head[Int(field.valueStart)..<Int(field.valueEnd)], as: UTF8.self)
            )
        }
    }

    /// The decoded query parameters in the order sent; `+` is a blank. A name without `=` has an empty value.
    public var queryParameters: [(name: String, value: String)] {
        guard let query, !query.isEmpty else { return [] }
        return head[query].split(separator: UInt8(ascii: "&")).map { pair in
            let parts = pair.split(
                separator: UInt8(ascii: "="),
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            let name = PercentEncoding.decode(parts[0], plusIsBlank: true)
            return (name, parts.count > 1 ? PercentEncoding.decode(parts[1], plusIsBlank: true) : "")
        }
    }

    /// The first value of a query parameter.
    public func queryParameter(_ name: String) -> String? {
        queryParameters.first { $0.name == name }?.value
    }

    private func matches(_ field: Field, _ name: HTTPField.Name) -> Bool {
        let canonical = name.canonicalName.utf8
        guard Int(field.nameEnd - field.nameStart) == canonical.count else { return false }
        return head.withUnsafeBufferPointer { head in
            var index = Int(field.nameStart)
            for byte in canonical {
                guard ASCII.lowercased(head[index]) == byte else { return false }
                index += 1
            }
            return true
        }
    }
}
