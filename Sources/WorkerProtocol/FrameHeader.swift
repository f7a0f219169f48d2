/// The header of every frame between the server and an instance; `length` bytes of payload follow it.
///
/// Both ends are processes of one machine and one build, so numbers stand in the machine's own byte order.
public struct FrameHeader: Equatable, Sendable {
    /// What the payload is.
    public var kind: FrameKind
    /// The number of payload bytes.
    public var length: Int
    /// Which request the frame is about; 0 where it is about none.
    public var request: UInt64

    /// The header's size on the wire.
    public static let byteCount = 16

    /// The largest payload either side accepts: many times the largest event and the largest result, 6 MiB each, with
    /// all that may stand around them.
    public static let lengthLimit = 64 << 20

    /// A header for a payload of `length` bytes.
    public init(kind: FrameKind, length: Int, request: UInt64 = 0) {
        self.kind = kind
        self.length = length
        self.request = request
    }

    /// Reads a header; nil when the bytes cannot be one, after which the connection is worthless.
    ///
    /// `bytes` holds at least `byteCount` bytes.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        let length = Int(bytes.loadUnaligned(as: UInt32.self))
        guard length <= Self.lengthLimit,
            let kind = FrameKind(rawValue: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        else { return nil }
        self.init(
            kind: kind,
            length: length,
            request: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        )
    }

    /// Writes the header to the first `byteCount` bytes.
    public func write(to bytes: UnsafeMutableRawBufferPointer) {
        bytes.storeBytes(of: UInt32(length), as: UInt32.self)
        bytes.storeBytes(of: kind.rawValue, toByteOffset: 4, as: UInt32.self)
        bytes.storeBytes(of: request, toByteOffset: 8, as: UInt64.self)
    }
}
