import CZlib

/// Writes an archive: files deflated, names in UTF-8, 64-bit records where 32 bits do not do.
///
/// The same entries in the same order give the same bytes: every entry has the same modification time.
public struct ZipWriter<Sink: ByteSink> {
    private struct Written {
        let name: [UInt8]
        let mode: UInt32
        let method: UInt16
        let checksum: UInt32
        let compressedSize: UInt64
        let size: UInt64
        let offset: UInt64
    }

    /// Where the archive goes.
    public private(set) var sink: Sink
    private var offset: UInt64 = 0
    private var entries: [Written] = []

    /// 1980-01-01 00:00, the earliest time the format knows.
    private static var modificationTime: UInt32 { 0x0021_0000 }
    /// Deflate as used since 2.0; 64-bit records since 4.5.
    private static var version: UInt16 { 45 }
    private static var utf8Flag: UInt16 { 0x0800 }
    private static var all16: UInt16 { .max }
    private static var all32: UInt32 { .max }

    /// An archive without entries yet.
    public init(_ sink: Sink) {
        self.sink = sink
    }

    /// Adds a file of less than 4 GiB.
    ///
    /// - Throws: `ZipError.system` when the sink fails, `.tooLarge` for a larger file.
    public mutating func add(
        _ path: EntryPath,
        _ contents: UnsafeRawBufferPointer,
        isExecutable: Bool = false
    ) throws(ZipError) {
        guard contents.count < Int(Self.all32) else { throw .tooLarge(limit: UInt64(Self.all32) - 1) }
        let deflated = try Self.deflate(contents)
        let mode: UInt32 = 0o100000 | (isExecutable ? 0o755 : 0o644)
        if deflated.count < contents.count {
            try deflated.withUnsafeBufferPointer { bytes throws(ZipError) in
                try add(path.description, mode, method: 8, contents, stored: UnsafeRawBufferPointer(bytes))
            }
        } else {
            try add(path.description, mode, method: 0, contents, stored: contents)
        }
    }

    /// Adds a file.
    ///
    /// - Throws: `ZipError.system` when the sink fails.
    public mutating func add(_ path: EntryPath, _ contents: [UInt8], isExecutable: Bool = false)
        throws(ZipError)
    {
        try contents.withUnsafeBufferPointer { bytes throws(ZipError) in
            try add(path, UnsafeRawBufferPointer(bytes), isExecutable: isExecutable)
        }
    }

    /// Adds an empty directory. Directories of files need no entry.
    ///
    /// - Throws: `ZipError.system` when the sink fails.
    public mutating func addDirectory(_ path: EntryPath) throws(ZipError) {
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        try add("\(path)/", 0o040755, method: 0, nothing, stored: nothing)
    }

    /// Adds a symbolic link.
    ///
    /// - Throws: `ZipError.system` when the sink fails.
    public mutating func addLink(_ path: EntryPath, target: String) throws(ZipError) {
        try Array(target.utf8).withUnsafeBufferPointer { bytes throws(ZipError) in
            let bytes = UnsafeRawBufferPointer(bytes)
            try add(path.description, 0o120777, method: 0, bytes, stored: bytes)
        }
    }

    /// Writes the central directory; nothing can be added after it.
    ///
    /// - Throws: `ZipError.system` when the sink fails.
    public mutating func finish() throws(ZipError) {
        let start = offset
        for entry in entries { try write(centralRecord(entry)) }
        let size = offset - start
        if entries.count >= Int(Self.all16) || start >= UInt64(Self.all32) || size >= UInt64(Self.all32) {
            try write(zip64End(start: start, size: size))
        }
        var end = RecordWriter()
        end.u32(0x0605_4B50)
        end.u32(0)
        end.u16(min(entries.count, Int(Self.all16)))
        end.u16(min(entries.count, Int(Self.all16)))
        end.u32(min(size, UInt64(Self.all32)))
        end.u32(min(start, UInt64(Self.all32)))
        end.u16(0)
        try write(end)
    }

    private mutating func add(
        _ name: String,
        _ mode: UInt32,
        method: UInt16,
        _ contents: UnsafeRawBufferPointer,
        stored: UnsafeRawBufferPointer
    ) throws(ZipError) {
        let entry = Written(
            name: Array(name.utf8),
            mode: mode,
            method: method,
            checksum: Self.checksum(contents),
            compressedSize: UInt64(stored.count),
            size: UInt64(contents.count),
            offset: offset
        )
        try write(localHeader(entry))
        try sink.write(stored)
        offset += UInt64(stored.count)
        entries.append(entry)
    }

    private mutating func write(_ record: RecordWriter) throws(ZipError) {
        try record.bytes.withUnsafeBufferPointer { bytes throws(ZipError) in
            try sink.write(UnsafeRawBufferPointer(bytes))
        }
        offset += UInt64(record.bytes.count)
    }

    private func localHeader(_ entry: Written) -> RecordWriter {
        var record = RecordWriter()
        record.u32(0x0403_4B50)
        appendCommon(entry, to: &record)
        record.u16(entry.name.count)
        record.u16(0)
        record.text(entry.name)
        return record
    }

    private func centralRecord(_ entry: Written) -> RecordWriter {
        let hasFarOffset = entry.offset >= UInt64(Self.all32)
        var record = RecordWriter()
        record.u32(0x0201_4B50)
        // Made on Unix, so that the permissions count.
        record.u16(3 << 8 | Self.version)
        appendCommon(entry, to: &record)
        record.u16(entry.name.count)
        record.u16(hasFarOffset ? 12 : 0)
        record.u16(0)
        record.u16(0)
        record.u16(0)
        record.u32(entry.mode << 16 | (entry.mode & 0o040000 != 0 ? 0x10 : 0))
        record.u32(hasFarOffset ? UInt64(Self.all32) : entry.offset)
        record.text(entry.name)
        if hasFarOffset {
            record.u16(0x0001)
            record.u16(8)
            record.u64(entry.offset)
        }
        return record
    }

    /// What local and central records have in common, from the version to the sizes.
    private func appendCommon(_ entry: Written, to record: inout RecordWriter) {
        record.u16(Self.version)
        record.u16(Self.utf8Flag)
        record.u16(entry.method)
        record.u32(Self.modificationTime)
        record.u32(entry.checksum)
        record.u32(entry.compressedSize)
        record.u32(entry.size)
    }

    private func zip64End(start: UInt64, size: UInt64) -> RecordWriter {
        var record = RecordWriter()
        record.u32(0x0606_4B50)
        record.u64(44)
        record.u16(3 << 8 | Self.version)
        record.u16(Self.version)
        record.u32(0)
        record.u32(0)
        record.u64(entries.count)
        record.u64(entries.count)
        record.u64(size)
        record.u64(start)
        // The locator, which says where the record above begins.
        record.u32(0x0706_4B50)
        record.u32(0)
        record.u64(start + size)
        record.u32(1)
        return record
    }

    private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(crc32_z(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
    }

    private static func deflate(_ contents: UnsafeRawBufferPointer) throws(ZipError) -> [UInt8] {
        var stream = z_stream()
        let opened = deflateInit2_(
            &stream,
            Z_DEFAULT_COMPRESSION,
            Z_DEFLATED,
            -MAX_WBITS,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard opened == Z_OK else { throw .system("deflateInit2", code: 12) }
        defer { deflateEnd(&stream) }
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(contents.count))))
        let count = output.withUnsafeMutableBufferPointer { output in
            stream.next_in = UnsafeMutablePointer(
                mutating: contents.baseAddress?.assumingMemoryBound(to: UInt8.self)
            )
            stream.avail_in = UInt32(contents.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            return CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END
                ? output.count - Int(stream.avail_out) : -1
        }
        guard count >= 0 else { throw .system("deflate", code: 12) }
        output.removeLast(output.count - count)
        return output
    }
}
