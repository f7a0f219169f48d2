import FunctionGraph
import HTTPServer
import HTTPTypes

/// Keeps web pages that the user happens to have open from driving the emulator.
///
/// A browser sends requests to loopback addresses for any page. It names the page in `Origin` or
/// `Sec-Fetch-Site`; and a page that has rebound its own name to this address still sends that name as
/// `Host`. Names that a stranger can own have a dot in them; addresses and names without one cannot be
/// rebound.
public struct BrowserGuard: Sendable {
    private let allowedHosts: Set<String>

    /// A guard that lets requests to `allowedHosts` through besides loopback names, addresses and names
    /// without a dot.
    public init(allowedHosts: Set<String>) {
        self.allowedHosts = Set(allowedHosts.map { $0.lowercased() })
    }

    /// Refuses a request that a web page of another origin may have sent.
    ///
    /// - Throws: `FGSError` with code FSS.0403.
    func check(_ request: Request) throws(FGSError) {
        let authority = request.authority
        guard isAllowed(host: Self.host(of: authority)) else {
            throw FGSError(
                .forbidden,
                "the Host header names \(authority), which is not a name of this emulator. "
                    + "Use its address or localhost, or start it with --allow-host.")
        }
        if let origin = request.header(.origin), !Self.isSame(origin: origin, authority: authority) {
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
        return !name.contains(".") || name.hasSuffix(".localhost") || allowedHosts.contains(name)
    }

    private static func isAddress(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The host of `host:port` or `[address]:port`.
    private static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[...end])
        }
        return String(authority.prefix { $0 != ":" })
    }

    private static func isSame(origin: String, authority: String) -> Bool {
        ["http://", "https://"].contains { origin.lowercased() == $0 + authority.lowercased() }
    }
}
