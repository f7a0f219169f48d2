import FunctionGraph
import HTTPClient
import ObjectStorage

/// Where code that a request only names is fetched from: files, local buckets, and the network.
public struct CodeSource: Sendable {
    /// The buckets of this machine; nil for none.
    public let buckets: LocalBuckets?
    /// Whether addresses on other machines are asked.
    public let allowsNetwork: Bool

    /// The largest archive that is fetched, in bytes (user manual: 300 MB).
    static let limit = 300 << 20

    /// Names the sources.
    public init(buckets: LocalBuckets?, allowsNetwork: Bool) {
        self.buckets = buckets
        self.allowsNetwork = allowsNetwork
    }

    /// The bytes at an address, or one line that says why there are none and what to do.
    func fetch(_ address: CodeAddress) -> Result<[UInt8], CodeSourceError> {
        do {
            return .success(try read(address.description))
        } catch {
            return .failure(CodeSourceError("the code at \(address) could not be fetched: \(error)"))
        }
    }

    private func read(_ url: String) throws -> [UInt8] {
        if let file = LocalFile(url: url) { return try file.read(limit: Self.limit) }
        if let object = ObjectAddress(url: url), let buckets {
            // A bucket that is a directory here is looked for nowhere else.
            return try buckets.read(object, limit: Self.limit)
        }
        guard allowsNetwork || Self.isOnThisMachine(url) else {
            throw CodeSourceError(
                "the network is not asked (--no-remote-code). Put the object into a bucket below --obs-root, "
                    + "or send the code with the request")
        }
        let answer = try HTTPClient.get(url, limit: Self.limit, timeoutMilliseconds: 20_000)
        guard answer.status == 200 else { throw CodeSourceError("the server answers \(answer.status)") }
        return answer.body
    }

    private static func isOnThisMachine(_ url: String) -> Bool {
        ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains { prefix in
            url.hasPrefix(prefix) && [":", "/"].contains(url.dropFirst(prefix.count).first)
        }
    }
}
