import Glibc

/// The bytes of a path as a key of a dictionary. Hashing and comparing take them as one block.
public struct PathKey: Hashable, Sendable {
    private let bytes: [UInt8]

    /// The path of a request, exactly as it was sent.
    public init(_ request: Request) {
        bytes = Array(request.pathBytes)
    }

    /// How many bytes it has.
    public var count: Int { bytes.count }

    /// Whether both are the same bytes.
    public static func == (left: PathKey, right: PathKey) -> Bool {
        left.bytes.count == right.bytes.count
            && left.bytes.withUnsafeBytes { left in
                right.bytes.withUnsafeBytes { right in
                    left.count == 0 || memcmp(left.baseAddress!, right.baseAddress!, left.count) == 0
                }
            }
    }

    /// See `Hashable`.
    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
