import CZlib

/// Unpacks one entry, a piece at a time, and checks size and checksum on the way.
struct EntryReader<Source: ByteSource> {
    private let entry: ZipEntry
    private let source: Source
    private var checksum: UInt = 0
    private var produced: UInt64 = 0

    private static var pieceSize: Int { 64 << 10 }

    init(_ entry: ZipEntry, _ source: Source) {
        self.entry = entry
        self.source = source
    }

    mutating func run(_ body: (UnsafeRawBufferPointer) throws(ZipError) -> Void) throws(ZipError) {
        let input = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Int(min(UInt64(Self.pieceSize), max(entry.compressedSize, 1))),
            alignment: 16
        )
        defer { input.deallocate() }
        switch entry.method {
        case .stored: try copy(through: input, body)
        case .deflated: try inflate(through: input, body)
        }
        guard produced == entry.size else { throw .sizeMismatch(entry.path.description) }
        guard checksum == UInt(entry.checksum) else { throw .checksumMismatch(entry.path.description) }
    }

    private mutating func copy(
        through buffer: UnsafeMutableRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws(ZipError) -> Void
    ) throws(ZipError) {
        var offset: UInt64 = 0
        while offset < entry.compressedSize {
            let piece = UnsafeMutableRawBufferPointer(
                rebasing: buffer[..<Int(min(UInt64(buffer.count), entry.compressedSize - offset))]
            )
            try source.read(at: entry.dataOffset + offset, into: piece)
            offset += UInt64(piece.count)
            try deliver(UnsafeRawBufferPointer(piece), body)
        }
    }

    private mutating func inflate(
        through input: UnsafeMutableRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws(ZipError) -> Void
    ) throws(ZipError) {
        let output = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Int(min(UInt64(Self.pieceSize), max(entry.size, 1) + 1)),
            alignment: 16
        )
        defer { output.deallocate() }
        var stream = z_stream()
        // Negative window bits: deflate data without a zlib header.
        guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else {
            throw .system("inflateInit2", code: 12)
        }
        defer { inflateEnd(&stream) }
        var offset: UInt64 = 0
        var status = Z_OK
        while status != Z_STREAM_END {
            if stream.avail_in == 0, offset < entry.compressedSize {
                let piece = UnsafeMutableRawBufferPointer(
                    rebasing: input[..<Int(min(UInt64(input.count), entry.compressedSize - offset))]
                )
                try source.read(at: entry.dataOffset + offset, into: piece)
                offset += UInt64(piece.count)
                stream.next_in = piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.avail_in = UInt32(piece.count)
            }
            stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.avail_out = UInt32(output.count)
            status = CZlib.inflate(&stream, Z_NO_FLUSH)
            let count = output.count - Int(stream.avail_out)
            guard status == Z_OK || status == Z_STREAM_END, count > 0 || status == Z_STREAM_END else {
                throw .malformed("the entry \(entry.path) cannot be inflated")
            }
            try deliver(UnsafeRawBufferPointer(rebasing: output[..<count]), body)
        }
        guard stream.avail_in == 0, offset == entry.compressedSize else {
            throw .sizeMismatch(entry.path.description)
        }
    }

    private mutating func deliver(
        _ piece: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws(ZipError) -> Void
    ) throws(ZipError) {
        guard !piece.isEmpty else { return }
        produced += UInt64(piece.count)
        guard produced <= entry.size else { throw .sizeMismatch(entry.path.description) }
        checksum = crc32(
            checksum,
            piece.baseAddress?.assumingMemoryBound(to: UInt8.self),
            UInt32(piece.count)
        )
        try body(piece)
    }
}
