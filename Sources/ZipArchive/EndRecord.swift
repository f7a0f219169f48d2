/// The record at the end of an archive: where its central directory is.
struct EndRecord {
    let entryCount: UInt64
    let directoryOffset: UInt64
    let directorySize: UInt64

    private static let length = 22
    private static let zip64LocatorLength = 20
    private static let zip64Length = 56
    private static let commentLimit = 65_535

    /// Finds the record, in its 64-bit form if there is one.
    init(_ source: some ByteSource) throws(ZipError) {
        let window = Int(min(source.size, UInt64(Self.length + Self.commentLimit)))
        guard window >= Self.length else { throw .notAnArchive }
        let tailOffset = source.size - UInt64(window)
        let tail = try source.bytes(at: tailOffset, count: window)
        guard let position = Self.position(in: tail) else { throw .notAnArchive }
        let fields = tail.withUnsafeBytes { raw in
            let record = LittleEndian(bytes: UnsafeRawBufferPointer(rebasing: raw[position...]))
            return (
                disk: record.u16(4), directoryDisk: record.u16(6), count: record.u16(10),
                size: record.u32(12),
                offset: record.u32(16)
            )
        }
        let recordOffset = tailOffset + UInt64(position)
        let needs64 = fields.count == .max || fields.size == .max || fields.offset == .max
        if needs64, let record = try Self.zip64(source, before: recordOffset) {
            (entryCount, directorySize, directoryOffset) = (record.count, record.size, record.offset)
        } else {
            guard fields.disk == 0, fields.directoryDisk == 0 else {
                throw .malformed("it spans several disks")
            }
            entryCount = UInt64(fields.count)
            directorySize = UInt64(fields.size)
            directoryOffset = UInt64(fields.offset)
        }
        guard directoryOffset <= recordOffset, directorySize <= recordOffset - directoryOffset else {
            throw .truncated("its directory lies outside of it")
        }
    }

    /// The last place where a record can begin whose comment ends with the archive.
    private static func position(in tail: [UInt8]) -> Int? {
        tail.withUnsafeBytes { bytes in
            let numbers = LittleEndian(bytes: bytes)
            return (0...(bytes.count - length)).reversed().first { position in
                numbers.u32(position) == 0x0605_4B50
                    && position + length + Int(numbers.u16(position + 20)) == bytes.count
            }
        }
    }

    private static func zip64(
        _ source: some ByteSource,
        before offset: UInt64
    ) throws(ZipError) -> (count: UInt64, size: UInt64, offset: UInt64)? {
        guard offset >= UInt64(zip64LocatorLength) else { return nil }
        let locator = try source.bytes(at: offset - UInt64(zip64LocatorLength), count: zip64LocatorLength)
        let (signature, recordOffset) = locator.withUnsafeBytes {
            (LittleEndian(bytes: $0).u32(0), LittleEndian(bytes: $0).u64(8))
        }
        guard signature == 0x0706_4B50 else { return nil }
        guard recordOffset <= offset, offset - recordOffset >= UInt64(zip64Length) else {
            throw .truncated("its 64-bit end record lies outside of it")
        }
        let record = try source.bytes(at: recordOffset, count: zip64Length)
        return try record.withUnsafeBufferPointer { bytes throws(ZipError) in
            let numbers = LittleEndian(bytes: UnsafeRawBufferPointer(bytes))
            guard numbers.u32(0) == 0x0606_4B50 else { throw .malformed("its 64-bit end record is missing") }
            return (numbers.u64(32), numbers.u64(40), numbers.u64(48))
        }
    }
}

extension ByteSource {
    /// The bytes from `offset` on, in an array. The caller bounds `count`.
    func bytes(at offset: UInt64, count: Int) throws(ZipError) -> [UInt8] {
        guard offset <= size, UInt64(count) <= size - offset else {
            throw .truncated("a record lies outside of it")
        }
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: ZipError?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(ZipError) {
                try read(at: offset, into: buffer)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
