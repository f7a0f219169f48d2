/// What stands before the event in an `invoke` frame: two texts, each behind its length.
public struct InvocationEnvelope: Equatable, Sendable {
    /// The request id that the handler sees.
    public var requestID: String
    /// The alias the call was made through; empty for none.
    public var alias: String

    /// Names a request.
    public init(requestID: String, alias: String) {
        self.requestID = requestID
        self.alias = alias
    }

    /// Appends the envelope to `bytes`. Texts longer than 65,535 bytes do not occur; they would be cut.
    public func append(to bytes: inout [UInt8]) {
        for text in [requestID, alias] {
            let utf8 = text.utf8.prefix(Int(UInt16.max))
            bytes.append(UInt8(truncatingIfNeeded: utf8.count))
            bytes.append(UInt8(truncatingIfNeeded: utf8.count >> 8))
            bytes.append(contentsOf: utf8)
        }
    }

    /// Finds the envelope at the beginning of a payload.
    ///
    /// - Returns: Where the request id, the alias and the event stand, or nil for broken bytes.
    public static func locate(
        in bytes: UnsafeRawBufferPointer
    ) -> (requestID: Range<Int>, alias: Range<Int>, event: Range<Int>)? {
        guard let requestID = text(in: bytes, at: 0), let alias = text(in: bytes, at: requestID.upperBound)
        else {
            return nil
        }
        return (requestID, alias, alias.upperBound..<bytes.count)
    }

    private static func text(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Range<Int>? {
        guard offset + 2 <= bytes.count else { return nil }
        let end = offset + 2 + Int(bytes[offset]) + Int(bytes[offset + 1]) << 8
        return end <= bytes.count ? (offset + 2)..<end : nil
    }
}
