/// What stands before the specification in a `load` frame: limits that the instance sets for itself before
/// it runs any user code.
public struct LoadHeader: Equatable, Sendable {
    /// The most private writable memory the instance may map, in MiB; 0 for no limit.
    public var dataMiB: UInt32
    /// The most descriptors it may open.
    public var openFiles: UInt32

    /// The header's size on the wire.
    public static let byteCount = 8

    /// A header.
    public init(dataMiB: UInt32, openFiles: UInt32) {
        self.dataMiB = dataMiB
        self.openFiles = openFiles
    }

    /// Reads a header from the beginning of a payload; nil when there are too few bytes.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.byteCount else { return nil }
        self.init(
            dataMiB: bytes.loadUnaligned(as: UInt32.self),
            openFiles: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
        )
    }

    /// Appends the header to `bytes`.
    public func append(to bytes: inout [UInt8]) {
        withUnsafeBytes(of: (dataMiB, openFiles)) { bytes.append(contentsOf: $0) }
    }
}
