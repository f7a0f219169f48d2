/// One record of the central directory, before its local header has been looked at.
struct CentralRecord {
    let madeBy: UInt8
    let flags: UInt16
    let method: UInt16
    let checksum: UInt32
    var compressedSize: UInt64
    var size: UInt64
    var headerOffset: UInt64
    let attributes: UInt32
    let nameBytes: [UInt8]
    /// The number of bytes it takes in the directory.
    let length: Int

    private static let fixedLength = 46

    /// Reads the record at the front of `bytes`.
    init(_ bytes: UnsafeRawBufferPointer) throws(ZipError) {
        guard bytes.count >= Self.fixedLength else { throw .truncated("its directory ends within a record") }
        let numbers = LittleEndian(bytes: bytes)
        guard numbers.u32(0) == 0x0201_4B50 else { throw .malformed("its directory holds something else") }
        let nameLength = Int(numbers.u16(28))
        let extraLength = Int(numbers.u16(30))
        length = Self.fixedLength + nameLength + extraLength + Int(numbers.u16(32))
        guard length <= bytes.count else { throw .truncated("its directory ends within a record") }
        madeBy = UInt8(numbers.u16(4) >> 8)
        flags = numbers.u16(8)
        method = numbers.u16(10)
        checksum = numbers.u32(16)
        compressedSize = UInt64(numbers.u32(20))
        size = UInt64(numbers.u32(24))
        attributes = numbers.u32(38)
        headerOffset = UInt64(numbers.u32(42))
        let extraStart = Self.fixedLength + nameLength
        nameBytes = Array(bytes[Self.fixedLength..<extraStart])
        try readZip64(UnsafeRawBufferPointer(rebasing: bytes[extraStart..<(extraStart + extraLength)]))
    }

    /// The name, in UTF-8 or, as older tools wrote it, in code page 437.
    func name() throws(ZipError) -> String {
        let usesUTF8 = flags & 0x0800 != 0
        if let name = String(validating: nameBytes, as: UTF8.self) {
            // Tools that do not set the flag write ASCII, or UTF-8 all the same.
            return name
        }
        if usesUTF8 {
            throw .unsafeName(
                String(decoding: nameBytes, as: UTF8.self),
                reason: "it is not the UTF-8 it claims to be"
            )
        }
        return CodePage437.decode(nameBytes)
    }

    /// What the attributes say the entry is; nil for what cannot be unpacked.
    func kind(of path: EntryPath) -> ZipEntry.Kind? {
        guard madeBy == 3 || madeBy == 19 else {
            return path.isDirectory || attributes & 0x10 != 0 ? .directory : .file
        }
        switch attributes >> 16 & 0o170000 {
        case 0o040000: return .directory
        case 0o120000: return .symbolicLink
        case 0o100000, 0: return path.isDirectory ? .directory : .file
        default: return nil
        }
    }

    /// The Unix permissions, if the entry was stored with any.
    var permissions: UInt16? {
        let mode = UInt16(truncatingIfNeeded: attributes >> 16 & 0o777)
        return (madeBy == 3 || madeBy == 19) && mode != 0 ? mode : nil
    }

    /// Sizes beyond 32 bits stand in an extra field, each only if its 32-bit place is all ones.
    private mutating func readZip64(_ extra: UnsafeRawBufferPointer) throws(ZipError) {
        let numbers = LittleEndian(bytes: extra)
        var offset = 0
        while offset + 4 <= extra.count {
            let end = offset + 4 + Int(numbers.u16(offset + 2))
            guard end <= extra.count else { return }
            if numbers.u16(offset) == 0x0001 {
                var field = offset + 4
                func next() throws(ZipError) -> UInt64 {
                    guard field + 8 <= end else { throw .malformed("a 64-bit field is too short") }
                    defer { field += 8 }
                    return numbers.u64(field)
                }
                if size == UInt64(UInt32.max) { size = try next() }
                if compressedSize == UInt64(UInt32.max) { compressedSize = try next() }
                if headerOffset == UInt64(UInt32.max) { headerOffset = try next() }
                return
            }
            offset = end
        }
    }
}
