/// One entry of an archive, as its central directory describes it.
public struct ZipEntry: Hashable, Sendable {
    /// What an entry is.
    public enum Kind: Hashable, Sendable {
        case file
        case directory
        case symbolicLink
    }

    /// How an entry's bytes are stored.
    enum Method: UInt16 {
        case stored = 0
        case deflated = 8
    }

    /// Its name, as a path that stays inside.
    public let path: EntryPath
    /// What it is.
    public let kind: Kind
    /// The number of bytes it unpacks to.
    public let size: UInt64
    /// The number of bytes it takes in the archive.
    public let compressedSize: UInt64
    /// The Unix permissions it was stored with; nil when it was stored by another kind of system.
    public let permissions: UInt16?
    /// CRC-32 of the unpacked bytes.
    public let checksum: UInt32

    let method: Method
    /// Where its local header begins.
    let headerOffset: UInt64
    /// Where its bytes begin, after the local header.
    let dataOffset: UInt64
}
