/// Which code a function runs, and what its bytes are.
public struct CodeReference: Hashable, Sendable {
    /// What the stored bytes are.
    public enum Form: Hashable, Sendable {
        /// A zip archive.
        case archive
        /// The text of one file, to be stored under this path.
        case source(path: String)
    }

    /// The SHA-512 of the stored bytes, in hexadecimal.
    public let digest: String
    /// What they are.
    public let form: Form

    /// Names code.
    public init(digest: String, form: Form) {
        self.digest = digest
        self.form = form
    }

    /// The name of its directory in the cache. 128 bits of the digest tell any two archives apart.
    var directoryName: String {
        switch form {
        case .archive: String(digest.prefix(32))
        case .source(let path): "\(digest.prefix(32))-\(path.utf8.map { String($0, radix: 16) }.joined())"
        }
    }
}
