/// A message between the server and a zygote: one packet of a sequenced-packet socket.
public struct ZygoteMessage: Equatable, Sendable {
    /// What a message says.
    public enum Kind: UInt32, Sendable {
        /// To the zygote: fork instance `id`. Four descriptors come with it, see `Descriptor`.
        case fork = 1
        /// To the zygote: end instance `id` and everything in its process group.
        case kill = 2
        /// From the zygote: it can fork. `value` is its Python version as `major << 16 | minor << 8 | micro`; `id`
        /// is 1 if instances have a file system of their own, else 0.
        case ready = 16
        /// From the zygote: instance `id` runs as process `value`.
        case forked = 17
        /// From the zygote: instance `id` ended; `value` is its wait status.
        case exited = 18
        /// From the zygote: instance `id` could not be forked; `value` is errno.
        case failed = 19
    }

    /// The order of the descriptors that come with `fork`.
    public enum Descriptor {
        /// The pipe that frames come out of.
        public static let orders = 0
        /// The pipe that frames go into.
        public static let answers = 1
        /// Where the instance's standard output and error go.
        public static let output = 2
        /// A pipe's read end. When its write end closes, the kernel kills the instance's process group.
        public static let lifeline = 3
        /// How many there are.
        public static let count = 4
    }

    /// What the message says.
    public var kind: Kind
    /// The instance, by the server's number.
    public var id: UInt32
    /// See `Kind`.
    public var value: Int32

    /// The size of every message.
    public static let byteCount = 12

    /// A message.
    public init(_ kind: Kind, id: UInt32 = 0, value: Int32 = 0) {
        self.kind = kind
        self.id = id
        self.value = value
    }

    /// Reads a message; nil when the bytes are none.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.byteCount, let kind = Kind(rawValue: bytes.loadUnaligned(as: UInt32.self))
        else {
            return nil
        }
        self.init(
            kind,
            id: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self),
            value: bytes.loadUnaligned(fromByteOffset: 8, as: Int32.self)
        )
    }

    /// Calls `body` with the message's bytes.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: (kind.rawValue, id, value), body)
    }
}
