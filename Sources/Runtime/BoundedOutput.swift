/// What an invocation writes, up to a limit: an instance can write faster than anybody reads, so of more than that the
/// newest is kept, behind a line that says so.
public struct BoundedOutput: Sendable {
    /// The most bytes that are kept (runtime guide, "Initializer").
    public static let capacity = 10 << 20

    private var bytes: [UInt8] = []
    private var droppedCount = 0

    /// Nothing so far.
    public init() {}

    /// How many bytes are kept now.
    public var count: Int { bytes.count }

    /// Adds what was written.
    public mutating func append(_ written: some Collection<UInt8>) {
        bytes.append(contentsOf: written)
        // By halves, since what is left has to be moved.
        if bytes.count > 2 * Self.capacity { dropOldest() }
    }

    /// Everything since the last call.
    public mutating func take() -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        if bytes.count > Self.capacity { dropOldest() }
        if droppedCount > 0 {
            let note = "[the first \(droppedCount) bytes of output are not kept]\n"
            bytes.insert(contentsOf: note.utf8, at: 0)
            droppedCount = 0
        }
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }

    /// Drops whole lines, if there are any.
    private mutating func dropOldest() {
        let excess = bytes.count - Self.capacity
        let lineEnd = bytes[excess...].prefix(Self.capacity / 2).firstIndex(of: UInt8(ascii: "\n"))
        let dropped = lineEnd.map { $0 + 1 } ?? excess
        bytes.removeFirst(dropped)
        droppedCount += dropped
    }
}
