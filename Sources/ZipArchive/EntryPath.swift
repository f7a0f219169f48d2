/// The name of an entry, as a path that cannot leave the directory it is unpacked to.
public struct EntryPath: Hashable, Sendable, CustomStringConvertible {
    /// The names between the slashes; never empty.
    public let components: [String]
    /// Whether the name ended with a slash, as directories' names do.
    public let isDirectory: Bool

    /// Parses a name as it stands in an archive.
    ///
    /// - Throws: `ZipError.unsafeName` for names that are absolute, contain `..`, a drive letter, a backslash
    ///   or a NUL, or are longer than the system allows.
    public init(_ name: String) throws(ZipError) {
        func refuse(_ reason: String) -> ZipError { .unsafeName(name, reason: reason) }
        let bytes = name.utf8
        guard !bytes.isEmpty else { throw refuse("it is empty") }
        guard bytes.count <= 4_095 else { throw refuse("it is longer than 4095 bytes") }
        guard !bytes.contains(0) else { throw refuse("it contains a NUL") }
        guard !bytes.contains(UInt8(ascii: "\\")) else { throw refuse("it contains a backslash") }
        guard bytes.first != UInt8(ascii: "/") else { throw refuse("it is absolute") }
        if bytes.count >= 2, bytes.dropFirst().first == UInt8(ascii: ":"), name.first?.isLetter == true {
            throw refuse("it begins with a drive letter")
        }
        isDirectory = bytes.last == UInt8(ascii: "/")
        var components: [String] = []
        // `./index.py` and `a//b` are written by common tools and mean what they seem to.
        for component in name.split(separator: "/") where component != "." {
            guard component != ".." else { throw refuse("it contains ..") }
            guard component.utf8.count <= 255 else { throw refuse("a part of it is longer than 255 bytes") }
            components.append(String(component))
        }
        guard !components.isEmpty || isDirectory else { throw refuse("it names nothing") }
        self.components = components
    }

    /// The path with slashes between its components.
    public var description: String { components.joined(separator: "/") }
}
