/// The record in front of an entry's bytes. The central directory says everything but where the bytes begin.
struct LocalHeader {
    static let length = 30

    let method: UInt16
    let nameLength: Int
    let extraLength: Int

    init(_ bytes: [UInt8]) throws(ZipError) {
        let fields = bytes.withUnsafeBytes { raw in
            let numbers = LittleEndian(bytes: raw)
            return (numbers.u32(0), numbers.u16(8), numbers.u16(26), numbers.u16(28))
        }
        guard fields.0 == 0x0403_4B50 else { throw .malformed("an entry does not begin where it should") }
        method = fields.1
        nameLength = Int(fields.2)
        extraLength = Int(fields.3)
    }
}
