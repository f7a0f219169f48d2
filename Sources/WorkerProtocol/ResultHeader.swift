/// What stands before the payload in a `result`, `ready` or `loadFailed` frame.
public struct ResultHeader: Equatable, Sendable {
    /// 0, a runtime code such as 4002, or `unreadableEvent`.
    public var code: UInt32
    /// The time the handler or the initializer took, in nanoseconds.
    public var durationNanoseconds: UInt64
    /// The processor time the whole instance used meanwhile, in nanoseconds.
    public var cpuNanoseconds: UInt64
    /// The most memory the instance has had resident so far, in KiB.
    public var peakMemoryKiB: UInt64
    /// What the instance's `/tmp` holds, in KiB; 0 where that is not known.
    public var storageKiB: UInt32
    /// Whether there was output that the server had not read yet.
    public var hasUnreadOutput: Bool

    /// The header's size on the wire.
    public static let byteCount = 32

    /// A header that says nothing.
    public static let zero = ResultHeader(
        code: 0,
        durationNanoseconds: 0,
        cpuNanoseconds: 0,
        peakMemoryKiB: 0,
        storageKiB: 0
    )

    /// The code for an event that is no JSON: the handler was not called.
    public static let unreadableEvent: UInt32 = 1

    /// A header.
    public init(
        code: UInt32, durationNanoseconds: UInt64, cpuNanoseconds: UInt64, peakMemoryKiB: UInt64,
        storageKiB: UInt32 = 0, hasUnreadOutput: Bool = false
    ) {
        self.code = code
        self.durationNanoseconds = durationNanoseconds
        self.cpuNanoseconds = cpuNanoseconds
        self.peakMemoryKiB = peakMemoryKiB
        self.storageKiB = storageKiB
        self.hasUnreadOutput = hasUnreadOutput
    }

    /// Reads a header from the beginning of a payload; nil when there are too few bytes.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.byteCount else { return nil }
        self.init(
            code: bytes.loadUnaligned(as: UInt32.self),
            durationNanoseconds: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            cpuNanoseconds: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
            peakMemoryKiB: UInt64(bytes.loadUnaligned(fromByteOffset: 24, as: UInt32.self)),
            storageKiB: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self),
            hasUnreadOutput: bytes.loadUnaligned(fromByteOffset: 28, as: UInt32.self) != 0
        )
    }

    /// Writes the header to the first `byteCount` bytes.
    public func write(to bytes: UnsafeMutableRawBufferPointer) {
        bytes.storeBytes(of: code, as: UInt32.self)
        bytes.storeBytes(of: storageKiB, toByteOffset: 4, as: UInt32.self)
        bytes.storeBytes(of: durationNanoseconds, toByteOffset: 8, as: UInt64.self)
        bytes.storeBytes(of: cpuNanoseconds, toByteOffset: 16, as: UInt64.self)
        bytes.storeBytes(of: UInt32(clamping: peakMemoryKiB), toByteOffset: 24, as: UInt32.self)
        bytes.storeBytes(of: hasUnreadOutput ? 1 : 0, toByteOffset: 28, as: UInt32.self)
    }
}
