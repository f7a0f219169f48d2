/// How much an archive may unpack to (the API reference: 30,000 files, 1500 MB).
public struct ExtractionLimits: Sendable {
    /// The number of files, links included.
    public var files = 30_000
    /// The unpacked bytes of all files together, counted while they are unpacked.
    public var bytes: UInt64 = 1_500 << 20

    /// The limits of the platform.
    public init() {}

    /// Other limits.
    public init(files: Int, bytes: UInt64) {
        self.files = files
        self.bytes = bytes
    }
}
