/// What stands before the event in an `invoke` frame: a byte that says how the call was made, and two texts, each
/// behind its length.
public struct InvocationEnvelope: Equatable, Sendable {
    /// Where the parts of a payload stand.
    public struct Parts: Equatable, Sendable {
        /// Whether nobody waits for the result.
        public let isAsynchronous: Bool
        /// The request id, UTF-8.
        public let requestID: Range<Int>
        /// The alias, UTF-8.
        public let alias: Range<Int>
        /// The event, JSON.
        public let event: Range<Int>
    }

    /// The request id that the handler sees.
    public var requestID: String
    /// The alias the call was made through; empty for none.
    public var alias: String
    /// Whether nobody waits for the result.
    public var isAsynchronous: Bool

    /// Names a request.
    public init(requestID: String, alias: String, isAsynchronous: Bool = false) {
        self.requestID = requestID
        self.alias = alias
        self.isAsynchronous = isAsynchronous
    }

    /// Appends the envelope to `bytes`. Texts longer than 65,535 bytes do not occur; they would be cut.
    public func append(to bytes: inout [UInt8]) {
        bytes.append(isAsynchronous ? 1 : 0)
        append(requestID, to: &bytes)
        append(alias, to: &bytes)
    }

    private func append(_ text: String, to bytes: inout [UInt8]) {
        let utf8 = text.utf8
        let count = min(utf8.count, Int(UInt16.max))
        bytes.append(UInt8(truncatingIfNeeded: count))
        bytes.append(UInt8(truncatingIfNeeded: count >> 8))
        // A text is copied in one piece, the beginning of one byte by byte.
        if count == utf8.count {
            bytes.append(contentsOf: utf8)
        } else {
            bytes.append(contentsOf: utf8.prefix(count))
        }
    }

    /// Finds the envelope at the beginning of a payload.
    ///
    /// - Returns: Where its parts stand, or nil for broken bytes.
    public static func locate(in bytes: UnsafeRawBufferPointer) -> Parts? {
        guard let kind = bytes.first, let requestID = text(in: bytes, at: 1),
            let alias = text(in: bytes, at: requestID.upperBound)
        else {
            return nil
        }
        return Parts(
            isAsynchronous: kind != 0, requestID: requestID, alias: alias,
            event: alias.upperBound..<bytes.count)
    }

    private static func text(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Range<Int>? {
        guard offset + 2 <= bytes.count else { return nil }
        let end = offset + 2 + Int(bytes[offset]) + Int(bytes[offset + 1]) << 8
        return end <= bytes.count ? (offset + 2)..<end : nil
    }
}
