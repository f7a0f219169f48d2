/// The path of a gateway's API, in which segments can be parameters: `/orders/{id}`.
public struct APIPath: Hashable, Sendable {
    private enum Segment: Hashable {
        case literal(Substring)
        case parameter(Substring)
    }

    private let segments: [Segment]

    /// Takes a path. A slash at either end makes no difference.
    public init(_ text: String) {
        segments = text.split(separator: "/").map { segment in
            segment.hasPrefix("{") && segment.hasSuffix("}")
                ? .parameter(segment.dropFirst().dropLast()) : .literal(segment)
        }
    }

    /// A text as one segment of a path.
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isUnreserved =
                scalar.isASCII
                && (scalar.properties.isAlphabetic || "0123456789-._~".unicodeScalars.contains(scalar))
            let digits = String(byte, radix: 16, uppercase: true)
            return isUnreserved ? String(scalar) : byte < 16 ? "%0\(digits)" : "%\(digits)"
        }.joined()
    }

    /// A segment without its percent-escapes. One that is broken stays as it is.
    public static func decoded(_ segment: some StringProtocol) -> String {
        let percent = UInt8(ascii: "%")
        guard segment.utf8.contains(percent) else { return String(segment) }
        var rest = Array(segment.utf8)[...]
        var decoded: [UInt8] = []
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == percent, digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// How many segments it has.
    var count: Int { segments.count }

    /// How many of them are no parameters.
    var literalCount: Int { segments.count { if case .literal = $0 { true } else { false } } }

    /// The path with its parameters unnamed. Paths that look the same match the same requests.
    var form: String {
        segments.map { segment in if case .literal(let text) = segment { "/\(text)" } else { "/{}" } }
            .joined()
    }

    /// The parameters of a request's path, as they stand in it.
    ///
    /// - Parameter isPrefix: whether the request's path may go on. The rest then is a parameter with an empty
    ///   name (runtime guide, "APIG").
    /// - Returns: nil if the request's path is another one.
    func parameters(of path: String, isPrefix: Bool) -> [(name: String, value: String)]? {
        var rest = path.drop { $0 == "/" }.split(separator: "/", omittingEmptySubsequences: false)[...]
        var parameters: [(name: String, value: String)] = []
        for segment in segments {
            guard let part = rest.popFirst(), !part.isEmpty else { return nil }
            switch segment {
            case .literal(let text): guard part == text || Self.decoded(part) == text else { return nil }
            case .parameter(let name): parameters.append((String(name), String(part)))
            }
        }
        let remainder = rest.joined(separator: "/")
        guard isPrefix || remainder.isEmpty else { return nil }
        if !remainder.isEmpty { parameters.append(("", remainder)) }
        return parameters
    }
}
