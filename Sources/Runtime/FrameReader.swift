import Glibc
import Sockets
import WorkerProtocol

/// Reads an instance's frames from its pipe.
///
/// Small frames are cut out of a buffer that all readers share. The body of a large one is received straight
/// into the array that goes to the client, so it is never copied.
@EventLoopActor
struct FrameReader {
    /// What reading came to.
    enum Outcome {
        case frame(IncomingFrame)
        case nothingYet
        case ended
    }

    private struct Partial {
        var header: FrameHeader
        var result: ResultHeader
        var body: [UInt8]
        var filled: Int
    }

    /// Bytes that arrived and are no whole head yet, or begin the next frame.
    private var carried: [UInt8] = []
    private var partial: Partial?
    /// Whether the last look has taken everything; what comes later is announced again.
    private var isDrained = false

    private static let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    init() {}

    /// There may be something to read.
    mutating func begin() {
        isDrained = false
    }

    /// Reads until one frame is complete or the pipe is empty.
    mutating func read(from pipe: Int32) -> Outcome {
        while true {
            if partial != nil {
                if let outcome = continuePartial(from: pipe) { return outcome }
                continue
            }
            if let outcome = beginFrame() { return outcome }
            if partial != nil { continue }
            if isDrained { return .nothingYet }
            let count = Glibc.read(pipe, Self.scratch.baseAddress, Self.scratch.count)
            if count > 0 {
                carried.append(contentsOf: Self.scratch[..<count])
                isDrained = count < Self.scratch.count
            } else if count < 0, errno == EINTR {
                continue
            } else {
                return count < 0 && errno == EAGAIN ? .nothingYet : .ended
            }
        }
    }

    /// Takes a frame from the front of `carried`, whole or its beginning; nil when there is no whole head.
    private nonisolated mutating func beginFrame() -> Outcome? {
        guard carried.count >= FrameHeader.byteCount else { return nil }
        guard let header = carried.withUnsafeBytes({ FrameHeader($0) }) else { return .ended }
        let measured = header.kind != .initializing && header.kind != .output
        let head = FrameHeader.byteCount + (measured ? ResultHeader.byteCount : 0)
        guard carried.count >= head else { return nil }
        let result = carried.withUnsafeBytes {
            measured ? ResultHeader(.init(rebasing: $0[FrameHeader.byteCount...])) : .zero
        }
        let length = header.length - (head - FrameHeader.byteCount)
        guard length >= 0, let result else { return .ended }
        let available = min(length, carried.count - head)
        if available == length {
            let body = Array(carried[head..<(head + length)])
            if carried.count == head + length {
                carried.removeAll(keepingCapacity: true)
            } else {
                carried.removeFirst(head + length)
            }
            return .frame(
                IncomingFrame(kind: header.kind, request: header.request, result: result, body: body)
            )
        }
        var body = [UInt8](repeating: 0, count: length)
        body.replaceSubrange(0..<available, with: carried[head...])
        carried = []
        partial = Partial(header: header, result: result, body: body, filled: available)
        return nil
    }

    private nonisolated mutating func continuePartial(from pipe: Int32) -> Outcome? {
        guard var current = partial.take() else { return nil }
        let count = current.body.withUnsafeMutableBytes {
            Glibc.read(pipe, $0.baseAddress! + current.filled, $0.count - current.filled)
        }
        if count > 0 {
            current.filled += count
            if current.filled == current.body.count {
                return .frame(
                    IncomingFrame(
                        kind: current.header.kind,
                        request: current.header.request,
                        result: current.result,
                        body: current.body
                    )
                )
            }
            partial = current
            return nil
        }
        let failure = errno
        partial = current
        if count < 0, failure == EINTR { return nil }
        return count < 0 && failure == EAGAIN ? .nothingYet : .ended
    }
}
