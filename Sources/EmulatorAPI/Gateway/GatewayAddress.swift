import FunctionGraph
import HTTPServer

/// What of the gateway a request asks for: a group of APIs, and the path in it. A group is called by a path,
/// `/_apig/{group}/…`, or by a name of its own, `{group}.apig.localhost`.
struct GatewayAddress {
    /// The path below which all groups are.
    static let root = "/_apig"
    private static let rootBytes = Array(root.utf8)
    private static let domain = ".apig.localhost"

    /// The group; if `isName`, in lower case.
    let group: String
    /// Whether the group was called by its name, in which letter case makes no difference.
    let isName: Bool
    /// The path in the group as it was sent, which begins with a slash.
    let path: String
    /// What stands before that path in the client's URL; empty for a group called by its name.
    let prefix: String
    /// The host and the port that the client called.
    let authority: String

    /// Reads where a request goes.
    ///
    /// - Parameters:
    ///   - authority: The value of its `Host`.
    ///   - namedGroup: The group whose name that is; see `group(of:)`.
    /// - Returns: nil if it is not for the gateway.
    init?(_ request: Request, _ authority: String, namedGroup: String?) {
        if let group = namedGroup {
            self.init(group, isName: true, path: request.rawPath, prefix: "", authority)
            return
        }
        let bytes = request.pathBytes
        guard bytes.starts(with: Self.rootBytes) else { return nil }
        let rest = bytes.dropFirst(Self.rootBytes.count)
        let slash = UInt8(ascii: "/")
        guard rest.first ?? slash == slash else { return nil }
        let behind = rest.dropFirst()
        let group = String(decoding: behind.prefix { $0 != slash }, as: UTF8.self)
        let path = String(decoding: behind.drop { $0 != slash }, as: UTF8.self)
        self.init(
            APIPath.decoded(group), isName: false, path: path, prefix: "\(Self.root)/\(group)", authority)
    }

    private init(_ group: String, isName: Bool, path: String, prefix: String, _ authority: String) {
        self.group = group
        self.isName = isName
        self.path = path.isEmpty ? "/" : path
        self.prefix = prefix
        self.authority = authority
    }

    /// The group that a `Host` is the name of; nil if it is none.
    static func group(of authority: String) -> String? {
        guard authority.utf8.count > domain.utf8.count else { return nil }
        var host = BrowserGuard.host(of: authority).lowercased()
        if host.hasSuffix(".") { host.removeLast() }
        guard host.hasSuffix(domain) else { return nil }
        return String(host.dropLast(domain.count))
    }

    /// The port that the client called.
    var port: Int {
        let host = BrowserGuard.host(of: authority)
        return Int(authority.dropFirst(host.count + 1)) ?? 80
    }

    // MARK: Answers

    /// Where a `Location` of the function leads the client. Functions know nothing of a prefix, so that a path of
    /// theirs would lead out of the group.
    func location(_ location: String) -> String {
        let origin = "http://\(authority)"
        if location.hasPrefix("\(origin)/") { return origin + outward(location.dropFirst(origin.count)) }
        return location.hasPrefix("//") ? location : outward(location[...])
    }

    /// A `Set-Cookie` of the function, whose `Path` is as the client sees it.
    func cookie(_ cookie: String) -> String {
        guard !prefix.isEmpty else { return cookie }
        return cookie.split(separator: ";", omittingEmptySubsequences: false).map { attribute in
            let start = attribute.drop { $0 == " " }
            guard start.lowercased().hasPrefix("path=/") else { return String(attribute) }
            let name = attribute.prefix { $0 != "=" }
            return "\(name)=\(outward(start.dropFirst("path=".count)))"
        }.joined(separator: ";")
    }

    private func outward(_ path: Substring) -> String {
        let isComplete = path == prefix || path.hasPrefix("\(prefix)/")
        return path.hasPrefix("/") && !isComplete ? prefix + path : String(path)
    }
}
