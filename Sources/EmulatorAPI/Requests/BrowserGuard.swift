import FunctionGraph
import HTTPServer
import HTTPTypes

/// Keeps web pages that the user happens to have open from driving the emulator.
///
/// A browser sends requests to loopback addresses for any page. It names the page in `Origin` or
/// `Sec-Fetch-Site`; and a page that has rebound its own name to this address still sends that name as
/// `Host`. An address cannot be rebound. Nor can names without a dot, short of owning a top-level domain; they
/// are how containers call each other, so they are let in where the server listens beyond loopback.
public struct BrowserGuard: Sendable {
    private let allowedHosts: Set<String>

    private let allowsShortNames: Bool

    /// A guard that lets requests to `allowedHosts` through besides loopback names and addresses.
    ///
    /// - Parameter allowsShortNames: Whether names without a dot are let in too.
    public init(allowedHosts: Set<String>, allowsShortNames: Bool) {
        self.allowedHosts = Set(allowedHosts.map { $0.lowercased() })
        self.allowsShortNames = allowsShortNames
    }

    /// Refuses a request that calls this server by a name that is not its own.
    ///
    /// - Parameter authority: The value of its `Host`.
    /// - Throws: `FGSError` with code FSS.0403.
    func check(authority: String) throws(FGSError) {
        guard isAllowed(host: Self.host(of: authority)) else {
            throw FGSError(
                .forbidden,
                "the Host header names \(authority), which is not a name of this emulator. "
                    + "Use its address or localhost, or start it with --allow-host.")
        }
    }

    /// Refuses a request that a web page of another origin may have sent.
    ///
    /// - Parameter authority: The value of its `Host`.
    /// - Throws: `FGSError` with code FSS.0403.
    func checkOrigin(of request: Request, _ authority: String) throws(FGSError) {
        if let origin = request.header(.origin), !Self.isOwn(origin: origin, authority: authority) {
            throw FGSError(.forbidden, "requests from web pages of another origin (\(origin)) are refused")
        }
        if request.header(.secFetchSite, is: "cross-site") {
            throw FGSError(.forbidden, "requests from web pages of another site are refused")
        }
    }

    private func isAllowed(host: String) -> Bool {
        let host = host.lowercased()
        if host.hasPrefix("[") || Self.isAddress(host) { return true }
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        return Self.isLoopback(name) || allowedHosts.contains(name)
            || (allowsShortNames && !name.contains("."))
    }

    private static func isLoopback(_ name: String) -> Bool {
        name == "localhost" || name.hasSuffix(".localhost")
    }

    private static func isAddress(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The host of `host:port` or `[address]:port`.
    static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[...end])
        }
        return String(authority.prefix { $0 != ":" })
    }

    /// Whether a page comes from this server, or from another server of this machine.
    private static func isOwn(origin: String, authority: String) -> Bool {
        let origin = origin.lowercased()
        guard let scheme = ["http://", "https://"].first(where: origin.hasPrefix) else { return false }
        let other = String(origin.dropFirst(scheme.count))
        let host = host(of: other)
        return other == authority.lowercased() || isLoopback(host) || host == "[::1]"
            || (isAddress(host) && host.hasPrefix("127."))
    }
}
