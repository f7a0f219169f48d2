import CSystem
import Glibc
import WorkerProtocol

/// The instance's ends of the pipes that frames go through. Reading and writing block.
struct FrameChannel: ~Copyable {
    /// What reading a frame came to.
    enum Incoming {
        /// A frame; its payload is in `payload`.
        case frame(FrameHeader)
        /// A signal arrived first.
        case interrupted
        /// The server has gone, or what it sent is no frame.
        case ended
    }

    /// Held while a frame is written, so that frames are written whole. In memory of its own, since a mutex has to stay
    /// where it is. That any thread may use the pointer is safe: it never changes, and what it points to is only given to
    /// the functions of mutexes.
    nonisolated(unsafe) private static let sending = {
        let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        return mutex
    }()
    /// Whether the pipe has been made larger; whoever asks holds `sending`.
    nonisolated(unsafe) private static var hasGrown = false

    private let orders: Int32
    private let answers: Int32
    private var buffer: UnsafeMutableRawBufferPointer
    private var filled = 0
    private var consumed = 0

    /// Room for a frame of usual size; larger ones make it grow until they have been handled.
    private static let usualCapacity = 64 << 10

    init(orders: Int32, answers: Int32) {
        self.orders = orders
        self.answers = answers
        buffer = .allocate(byteCount: Self.usualCapacity, alignment: 16)
    }

    /// The payload of the last frame that `receive` returned, valid until its next call.
    var payload: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: buffer[FrameHeader.byteCount..<consumed])
    }

    /// Whether anything arrives within so many milliseconds.
    func hasFrame(within milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: orders, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, milliseconds) != 0
    }

    /// Waits for the next frame.
    mutating func receive() -> Incoming {
        forgetLastFrame()
        while true {
            if filled >= FrameHeader.byteCount {
                guard let header = FrameHeader(UnsafeRawBufferPointer(buffer)) else { return .ended }
                let needed = FrameHeader.byteCount + header.length
                if filled >= needed {
                    consumed = needed
                    return .frame(header)
                }
                grow(to: needed)
            }
            let count = read(orders, buffer.baseAddress! + filled, buffer.count - filled)
            if count > 0 {
                filled += count
            } else {
                return count < 0 && errno == EINTR ? .interrupted : .ended
            }
        }
    }

    /// Sends one frame whose payload is `prefix` and `bytes`; false when the server has gone.
    func send(
        _ kind: FrameKind,
        request: UInt64 = 0,
        prefix: UnsafeRawBufferPointer = .init(start: nil, count: 0),
        bytes: UnsafeRawBufferPointer = .init(start: nil, count: 0)
    ) -> Bool {
        Self.send(kind, request: request, prefix: prefix, bytes: bytes, to: answers)
    }

    /// Sends one frame. Threads may do so at the same time; whoever holds the interpreter's lock must let go of it
    /// first, since sending can wait.
    static func send(
        _ kind: FrameKind,
        request: UInt64 = 0,
        prefix: UnsafeRawBufferPointer = .init(start: nil, count: 0),
        bytes: UnsafeRawBufferPointer = .init(start: nil, count: 0),
        to descriptor: Int32
    ) -> Bool {
        pthread_mutex_lock(sending)
        defer { pthread_mutex_unlock(sending) }
        if bytes.count > usualCapacity, !hasGrown {
            hasGrown = true
            csystem_grow_pipe(descriptor)
        }
        let header = FrameHeader(kind: kind, length: prefix.count + bytes.count, request: request)
        return withUnsafeTemporaryAllocation(byteCount: FrameHeader.byteCount + prefix.count, alignment: 8) {
            header.write(to: $0)
            UnsafeMutableRawBufferPointer(rebasing: $0[FrameHeader.byteCount...]).copyMemory(from: prefix)
            return write(UnsafeRawBufferPointer($0), then: bytes, to: descriptor)
        }
    }

    private static func write(
        _ first: UnsafeRawBufferPointer, then second: UnsafeRawBufferPointer, to descriptor: Int32
    ) -> Bool {
        var sent = 0
        let total = first.count + second.count
        while sent < total {
            let head = UnsafeRawBufferPointer(rebasing: first[min(sent, first.count)...])
            let body = UnsafeRawBufferPointer(rebasing: second[max(0, sent - first.count)...])
            let count = withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { parts in
                parts[0] = Self.vector(head)
                parts[1] = Self.vector(body)
                return writev(descriptor, parts.baseAddress, 2)
            }
            if count > 0 {
                sent += count
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    private static func vector(_ bytes: UnsafeRawBufferPointer) -> iovec {
        iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
    }

    private mutating func forgetLastFrame() {
        guard consumed > 0 else { return }
        buffer.baseAddress!.copyMemory(from: buffer.baseAddress! + consumed, byteCount: filled - consumed)
        filled -= consumed
        consumed = 0
        if buffer.count > Self.usualCapacity, filled <= Self.usualCapacity { resize(to: Self.usualCapacity) }
    }

    private mutating func grow(to capacity: Int) {
        if buffer.count < capacity { resize(to: capacity) }
    }

    private mutating func resize(to capacity: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
        buffer.deallocate()
        buffer = larger
    }

    deinit {
        buffer.deallocate()
    }
}
