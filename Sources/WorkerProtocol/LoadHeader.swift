/// What stands before the specification in a `load` frame: what the instance arranges for itself before it runs
/// any user code.
public struct LoadHeader: Equatable, Sendable {
    /// The most private writable memory the instance may map, in MiB; 0 for no limit.
    public var dataMiB: UInt32
    /// The most descriptors it may open.
    public var openFiles: UInt32
    /// The most processes and threads it may have.
    public var processes: UInt32
    /// The most its `/tmp` may hold, in MiB.
    public var temporaryMiB: UInt32
    /// How many requests it takes at once.
    public var concurrency: UInt32
    /// Whether it gets a network of its own, with nothing but a loopback interface.
    public var hasOwnNetwork: Bool
    /// The name of its directory below the directory of unpacked code.
    public var codeName: String

    /// The size on the wire of what comes before the name.
    private static let fixedByteCount = 24

    /// A header.
    public init(
        dataMiB: UInt32, openFiles: UInt32, processes: UInt32, temporaryMiB: UInt32, concurrency: UInt32,
        hasOwnNetwork: Bool, codeName: String
    ) {
        self.dataMiB = dataMiB
        self.openFiles = openFiles
        self.processes = processes
        self.temporaryMiB = temporaryMiB
        self.concurrency = concurrency
        self.hasOwnNetwork = hasOwnNetwork
        self.codeName = codeName
    }

    /// The size on the wire.
    public var byteCount: Int { Self.fixedByteCount + codeName.utf8.count }

    /// There are too few bytes for a header.
    public struct TooShort: Error {}

    /// Reads a header from the beginning of a payload.
    ///
    /// It throws, since an optional of this type has generic metadata, which each instance would have to make first.
    ///
    /// - Throws: `TooShort`.
    public init(_ bytes: UnsafeRawBufferPointer) throws(TooShort) {
        guard bytes.count >= Self.fixedByteCount else { throw TooShort() }
        func number(_ index: Int) -> UInt32 {
            bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
        }
        let nameEnd = Self.fixedByteCount + Int(number(5) >> 1)
        guard nameEnd <= bytes.count else { throw TooShort() }
        self.init(
            dataMiB: number(0), openFiles: number(1), processes: number(2), temporaryMiB: number(3),
            concurrency: number(4), hasOwnNetwork: number(5) & 1 != 0,
            codeName: String(decoding: bytes[Self.fixedByteCount..<nameEnd], as: UTF8.self))
    }

    /// Appends the header to `bytes`.
    public func append(to bytes: inout [UInt8]) {
        let last = UInt32(codeName.utf8.count) << 1 | (hasOwnNetwork ? 1 : 0)
        withUnsafeBytes(of: (dataMiB, openFiles, processes, temporaryMiB, concurrency, last)) {
            bytes.append(contentsOf: $0)
        }
        bytes.append(contentsOf: codeName.utf8)
    }
}
