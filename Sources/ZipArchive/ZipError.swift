import Glibc

/// Why an archive cannot be read, unpacked or written.
public enum ZipError: Error, Equatable, CustomStringConvertible {
    /// The bytes are no zip archive: the record at its end is missing.
    case notAnArchive
    /// The archive ends before it is complete, or a record points outside it.
    case truncated(String)
    /// A record says something that cannot be.
    case malformed(String)
    /// An entry's name would be written outside the target, or is no name.
    case unsafeName(String, reason: String)
    /// A symbolic link points outside the target.
    case unsafeLink(String, target: String)
    /// An entry is encrypted.
    case encrypted(String)
    /// An entry is compressed with a method other than stored and deflated.
    case unsupportedMethod(String, method: UInt16)
    /// An entry is a device, a pipe or a socket.
    case unsupportedKind(String)
    /// Two entries share bytes of the archive, or have one name.
    case overlapping(String)
    /// An entry's bytes are not those that were put in.
    case checksumMismatch(String)
    /// An entry is larger or smaller than its record says.
    case sizeMismatch(String)
    /// The archive holds more files than may be unpacked.
    case tooManyFiles(limit: Int)
    /// The archive unpacks to more bytes than may be unpacked.
    case tooLarge(limit: UInt64)
    /// The system refused to read or write a file.
    case system(String, code: Int32)

    /// One line for the person whose archive it is.
    public var description: String {
        switch self {
        case .notAnArchive: "this is not a zip archive"
        case .truncated(let what): "the archive is incomplete: \(what)"
        case .malformed(let what): "the archive is broken: \(what)"
        case .unsafeName(let name, let reason): "the entry name \(quoted(name)) is refused: \(reason)"
        case .unsafeLink(let name, let target):
            "the symbolic link \(quoted(name)) points outside the archive, to \(quoted(target))"
        case .encrypted(let name): "the entry \(quoted(name)) is encrypted"
        case .unsupportedMethod(let name, let method):
            "the entry \(quoted(name)) is compressed with method \(method); only stored (0) and deflated (8) are read"
        case .unsupportedKind(let name): "the entry \(quoted(name)) is neither a file, a directory nor a link"
        case .overlapping(let name): "the entry \(quoted(name)) overlaps or repeats another one"
        case .checksumMismatch(let name): "the entry \(quoted(name)) is damaged: its checksum does not match"
        case .sizeMismatch(let name):
            "the entry \(quoted(name)) does not have the size that the archive states"
        case .tooManyFiles(let limit): "the archive holds more than \(limit) files"
        case .tooLarge(let limit): "the archive unpacks to more than \(limit) bytes"
        case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
        }
    }

    private func quoted(_ name: String) -> String {
        "\"" + String(name.prefix(200).map { $0.isNewline || $0 == "\"" ? "?" : $0 }) + "\""
    }

    /// The failure of the system call that was just made.
    static func system(_ call: String) -> ZipError { .system(call, code: errno) }
}
