import Crypto

/// Which code a function runs: what was uploaded for it, and the dependencies that are put beside it.
public struct CodeReference: Hashable, Sendable {
    /// What the stored bytes of the function's own code are.
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
    /// The SHA-512 of each dependency's archive, in the order in which they are unpacked over the code.
    public let dependencies: [String]

    /// The name of its directory in the cache: 128 bits, which tell any two apart.
    let directoryName: String

    /// Names code.
    public init(digest: String, form: Form, dependencies: [String] = []) {
        self.digest = digest
        self.form = form
        self.dependencies = dependencies
        directoryName = Self.directoryName(digest, form, dependencies)
    }

    /// All code that it is made of.
    var digests: [String] { [digest] + dependencies }

    private static func directoryName(_ digest: String, _ form: Form, _ dependencies: [String]) -> String {
        if case .archive = form, dependencies.isEmpty { return String(digest.prefix(32)) }
        var text = digest
        if case .source(let path) = form { text += ":\(path)" }
        text += dependencies.map { "+\($0)" }.joined()
        return SHA256.hash(data: Array(text.utf8)).prefix(16).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// Whether both name the same code.
    public static func == (left: CodeReference, right: CodeReference) -> Bool {
        left.directoryName == right.directoryName
    }

    /// Mixes in what tells it from other code.
    public func hash(into hasher: inout Hasher) { hasher.combine(directoryName) }
}
