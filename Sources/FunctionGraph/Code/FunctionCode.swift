/// What is known about a function's code; the bytes themselves are stored under the digest.
public struct FunctionCode: Hashable, Sendable {
    /// How the code was handed in.
    public let type: CodeType
    /// What the stored bytes are.
    public let form: CodeForm
    /// Where the code was to be fetched from; empty if it came with the request.
    public let url: String
    /// The name that answers give the code.
    public let fileName: String
    /// The SHA-512 of the stored bytes: 128 hexadecimal digits.
    public let digest: String
    /// The number of stored bytes.
    public let size: Int
    /// When the code was changed last.
    public let lastModified: Timestamp
    /// Why there are no bytes, for whoever invokes the function; empty if there are.
    public let problem: String

    /// Describes code.
    public init(
        type: CodeType,
        form: CodeForm,
        url: String,
        fileName: String,
        digest: String,
        size: Int,
        lastModified: Timestamp,
        problem: String = ""
    ) {
        self.type = type
        self.form = form
        self.url = url
        self.fileName = fileName
        self.digest = digest
        self.size = size
        self.lastModified = lastModified
        self.problem = problem
    }
}
