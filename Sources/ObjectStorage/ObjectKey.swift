/// The key of an object, as a path below its bucket that cannot leave it.
public struct ObjectKey: Hashable, Sendable, CustomStringConvertible {
    /// The names between the slashes; at least one.
    public let components: [String]

    /// Takes a key. A slash at its beginning makes no difference.
    ///
    /// - Returns: nil for keys that are empty, longer than 1,024 bytes, have `.`, `..` or nothing between two
    ///   slashes, or a NUL: as files they would be something else than as keys.
    public init?(_ text: String) {
        let components = text.drop { $0 == "/" }.split(separator: "/", omittingEmptySubsequences: false)
        guard 1...1_024 ~= text.utf8.count, !text.utf8.contains(0), !components.isEmpty,
            components.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= 255 })
        else { return nil }
        self.components = components.map(String.init)
    }

    /// The key.
    public var description: String { components.joined(separator: "/") }
}
