import CSystem
import Glibc
import Sockets
import WorkerProtocol

/// The way of frames to an instance: a pipe, out of which they can be taken again until the instance has read them.
///
/// A frame that fits is written as one packet, and the instance reads one packet at a time. So what it has not begun is
/// in the pipe, whole, and the kernel gives each packet to one reader: to the instance, or to the server.
@EventLoopActor
final class OrderPipe: EventHandler {
    /// Called when nobody reads any more.
    var failed: () -> Void = {}

    private let descriptor: Int32
    private var outgoing: [OutgoingBytes] = []
    private var writesPackets = false
    private var lastWasPacket = false
    private var isClosed = false
    private var awaitsRoom = false
    private var hasGrown = false

    private static let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    /// Whether this system can take frames back, which takes packets in pipes and `/proc`.
    private static let canTakeBack: Bool = {
        guard let ends = try? FileDescriptor.pipe() else { return false }
        guard csystem_write_packets(ends.write.rawValue, 1) == 0 else { return false }
        let reader = csystem_open_reader(ends.write.rawValue)
        guard reader >= 0 else { return false }
        defer { Glibc.close(reader) }
        for byte in UInt8(1)...2 {
            withUnsafeBytes(of: byte) { _ = Glibc.write(ends.write.rawValue, $0.baseAddress, 1) }
        }
        return read(reader, scratch.baseAddress, scratch.count) == 1 && scratch[0] == 1
    }()

    /// Takes over the write end, which does not block.
    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Sends a frame, as soon as there is room.
    ///
    /// - Parameter asPacket: Whether the instance shall read it by itself, which it does if it is small enough.
    func send(_ kind: FrameKind, request: UInt64, prefix: [UInt8], _ body: [UInt8], asPacket: Bool) {
        let frame = OutgoingBytes(Self.head(kind, request, prefix, body), body)
        lastWasPacket = asPacket && frame.count <= PIPE_BUF && outgoing.isEmpty
        outgoing.append(frame)
        guard outgoing.count == 1 else { return }
        setMode(packets: lastWasPacket)
        flush()
    }

    /// Sends a frame behind those the instance has still to read, if it can be taken back.
    ///
    /// - Returns: Whether it was sent.
    func sendAhead(_ kind: FrameKind, request: UInt64, prefix: [UInt8], _ body: [UInt8]) -> Bool {
        // Bytes without limits, before it, would be read together with it.
        guard lastWasPacket, outgoing.isEmpty, !isClosed, Self.canTakeBack else { return false }
        var frame = OutgoingBytes(Self.head(kind, request, prefix, body), body)
        guard frame.count <= PIPE_BUF else { return false }
        // So much is written whole or not at all (pipe(7)).
        guard case .done = frame.write(to: descriptor) else { return false }
        return true
    }

    /// Takes out the requests that the instance has not begun to read.
    ///
    /// - Returns: Their numbers, in order.
    func takeBack() -> [UInt64] {
        guard lastWasPacket, !isClosed, Self.canTakeBack else { return [] }
        let reader = csystem_open_reader(descriptor)
        guard reader >= 0 else { return [] }
        defer { Glibc.close(reader) }
        var requests: [UInt64] = []
        // What is no request, which can only have stood at the front.
        var rest: [UInt8] = []
        while true {
            let count = read(reader, Self.scratch.baseAddress, Self.scratch.count)
            if count < 0, errno == EINTR { continue }
            guard count >= FrameHeader.byteCount else { break }
            let packet = UnsafeRawBufferPointer(rebasing: Self.scratch[..<count])
            guard let header = FrameHeader(packet) else { break }
            if header.kind == .invoke { requests.append(header.request) } else { rest = Array(packet) }
        }
        if !rest.isEmpty { putBack(rest) }
        return requests
    }

    /// There is room: the pipe has just been emptied.
    private func putBack(_ packet: [UInt8]) {
        var frame = OutgoingBytes(packet, [])
        guard case .done = frame.write(to: descriptor) else { return failed() }
    }

    /// See `EventHandler`.
    func becameReady(_ readiness: Readiness) {
        if !outgoing.isEmpty { flush() }
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        EventLoop.shared.unwatch(descriptor)
        Glibc.close(descriptor)
    }

    private nonisolated static func head(
        _ kind: FrameKind, _ request: UInt64, _ prefix: [UInt8], _ body: [UInt8]
    ) -> [UInt8] {
        var head = [UInt8](repeating: 0, count: FrameHeader.byteCount)
        head.withUnsafeMutableBytes {
            FrameHeader(kind: kind, length: prefix.count + body.count, request: request).write(to: $0)
        }
        head.append(contentsOf: prefix)
        return head
    }

    private func setMode(packets: Bool) {
        guard packets != writesPackets else { return }
        writesPackets = csystem_write_packets(descriptor, packets ? 1 : 0) == 0 ? packets : writesPackets
    }

    private func flush() {
        while !outgoing.isEmpty, !isClosed {
            switch outgoing[0].write(to: descriptor) {
            case .done:
                outgoing.removeFirst()
            case .wouldBlock:
                guard waitForRoom() else { continue }
                return
            case .failed:
                failed()
                return
            }
        }
        if awaitsRoom, !isClosed {
            awaitsRoom = false
            EventLoop.shared.unwatch(descriptor)
        }
    }

    /// Makes the pipe as large as it can be, the first time it is full; after that, has the loop tell when there is
    /// room. Whether to wait.
    private func waitForRoom() -> Bool {
        if !hasGrown {
            hasGrown = true
            if csystem_grow_pipe(descriptor) == 0 { return false }
        }
        guard !awaitsRoom else { return true }
        do throws(SystemError) {
            try EventLoop.shared.watch(descriptor, for: .writable, handler: self)
            awaitsRoom = true
        } catch {
            failed()
        }
        return true
    }
}
