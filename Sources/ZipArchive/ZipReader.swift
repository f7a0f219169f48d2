/// Reads an archive: its entries, and the bytes of each.
public struct ZipReader<Source: ByteSource> {
    /// The entries, in the order of the central directory.
    public let entries: [ZipEntry]

    private let source: Source

    /// Reads and checks the central directory and every local header.
    ///
    /// - Parameter limits: More entries than these are refused before they are read.
    /// - Throws: `ZipError`: the archive is incomplete, inconsistent, or holds what cannot be unpacked.
    public init(_ source: Source, limits: ExtractionLimits = ExtractionLimits()) throws(ZipError) {
        self.source = source
        let end = try EndRecord(source)
        // Directories count too; nobody has more of them than files.
        guard end.entryCount <= UInt64(limits.files) * 2 else { throw .tooManyFiles(limit: limits.files) }
        guard end.directorySize <= 64 << 20 else { throw .malformed("its directory is larger than 64 MiB") }
        let directory = try source.bytes(at: end.directoryOffset, count: Int(end.directorySize))
        var entries: [ZipEntry] = []
        entries.reserveCapacity(min(Int(end.entryCount), 4_096))
        var offset = 0
        while entries.count < Int(end.entryCount) {
            let record = try directory.record(at: offset)
            offset += record.length
            entries.append(try Self.entry(record, source, directoryOffset: end.directoryOffset))
        }
        try Self.checkOverlaps(entries)
        self.entries = entries
    }

    /// The bytes an archive unpacks to, by its own account.
    public var size: UInt64 { entries.reduce(0) { $0 &+ $1.size } }

    /// Passes an entry's unpacked bytes to `body`, a piece at a time, and checks them.
    ///
    /// - Throws: `ZipError.checksumMismatch`, `.sizeMismatch`, `.malformed`, or what `body` throws.
    public func read(
        _ entry: ZipEntry,
        _ body: (UnsafeRawBufferPointer) throws(ZipError) -> Void
    ) throws(ZipError) {
        var reader = EntryReader(entry, source)
        try reader.run(body)
    }

    /// An entry's unpacked bytes, of which there may be at most `limit`.
    ///
    /// - Throws: `ZipError.tooLarge` beyond the limit, and what `read` throws.
    public func contents(of entry: ZipEntry, limit: Int) throws(ZipError) -> [UInt8] {
        var contents: [UInt8] = []
        try read(entry) { piece throws(ZipError) in
            guard contents.count + piece.count <= limit else { throw .tooLarge(limit: UInt64(limit)) }
            contents.append(contentsOf: piece)
        }
        return contents
    }

    private static func entry(
        _ record: CentralRecord,
        _ source: Source,
        directoryOffset: UInt64
    ) throws(ZipError) -> ZipEntry {
        let name = try record.name()
        let path = try EntryPath(name)
        guard record.flags & 0x2041 == 0 else { throw .encrypted(name) }
        guard let method = ZipEntry.Method(rawValue: record.method) else {
            throw .unsupportedMethod(name, method: record.method)
        }
        guard let kind = record.kind(of: path) else { throw .unsupportedKind(name) }
        guard method == .deflated || record.size == record.compressedSize else { throw .sizeMismatch(name) }
        let header = LocalHeader.length
        guard record.headerOffset <= directoryOffset, directoryOffset - record.headerOffset >= UInt64(header)
        else {
            throw .truncated("the entry \(name) lies outside of it")
        }
        let local = try LocalHeader(source.bytes(at: record.headerOffset, count: header))
        let dataOffset = record.headerOffset + UInt64(header + local.nameLength + local.extraLength)
        guard dataOffset <= directoryOffset, record.compressedSize <= directoryOffset - dataOffset else {
            throw .truncated("the entry \(name) lies outside of it")
        }
        let localName = try source.bytes(at: record.headerOffset + UInt64(header), count: local.nameLength)
        guard local.method == record.method, localName == record.nameBytes else {
            throw .malformed("the two records of the entry \(name) disagree")
        }
        return ZipEntry(
            path: path,
            kind: kind,
            size: record.size,
            compressedSize: record.compressedSize,
            permissions: record.permissions,
            checksum: record.checksum,
            method: method,
            headerOffset: record.headerOffset,
            dataOffset: dataOffset
        )
    }

    /// No byte of the archive belongs to two entries: that is how small archives unpack to anything.
    private static func checkOverlaps(_ entries: [ZipEntry]) throws(ZipError) {
        var end: UInt64 = 0
        for entry in entries.sorted(by: { $0.headerOffset < $1.headerOffset }) {
            guard entry.headerOffset >= end else { throw .overlapping(entry.path.description) }
            end = entry.dataOffset + entry.compressedSize
        }
    }
}

extension [UInt8] {
    fileprivate func record(at offset: Int) throws(ZipError) -> CentralRecord {
        try withUnsafeBufferPointer { bytes throws(ZipError) in
            try CentralRecord(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[offset...])))
        }
    }
}
