import Crypto

/// A password or a key. It can be compared and used, but neither printed nor logged.
public struct Secret: Sendable {
    /// The longest secret, in bytes.
    public static let maximumLength = 4_096

    private let bytes: [UInt8]

    /// Takes a secret.
    ///
    /// - Returns: nil for an empty one and for one longer than `maximumLength`.
    public init?(_ text: String) {
        guard 1...Self.maximumLength ~= text.utf8.count else { return nil }
        bytes = Array(text.utf8)
    }

    private init() {
        bytes = (0..<32).map { _ in .random(in: .min ... .max) }
    }

    /// A secret nobody knows: comparing with it takes as long as with a real one, and fails.
    static let unknown = Secret()

    /// Whether a client knows the secret. The time this takes depends on the candidate's length only.
    public func matches(_ candidate: String) -> Bool {
        // Digests are of one length, and swift-crypto compares them in constant time.
        SHA256.hash(data: bytes) == SHA256.hash(data: Array(candidate.utf8))
    }

    /// The secret as a key, after what a derivation puts in front of it.
    func key(after prefix: String = "") -> SymmetricKey {
        SymmetricKey(data: Array(prefix.utf8) + bytes)
    }
}

extension Secret: CustomStringConvertible, CustomReflectable {
    /// Not the secret.
    public var description: String { "(secret)" }

    /// Nothing, so that dumps of what holds a secret do not hold it.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
