import Glibc
import Sockets

/// What an instance writes to its standard output and error, through the pipe that is both.
///
/// The pipe is emptied when a request has ended, so nobody needs to know of each line that a quick handler writes. To
/// be told takes the processor from the handler, so the pipe is watched only when a request takes its time, and when
/// there is none.
@EventLoopActor
public final class InstanceLog: EventHandler {
    private var descriptor: Int32
    private var output = BoundedOutput()
    /// When a request was last sent, on the loop's clock; nil while the pipe is watched.
    private var unwatchedSince: UInt64?
    private static var unwatched: [InstanceLog] = []
    private static let timer = LoopTimer { watchAgain() }

    /// How long a request may take before the pipe is watched, in nanoseconds. So long may a handler wait that writes
    /// more than the pipe can hold.
    private static let patience: UInt64 = 5_000_000
    private static let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    /// Takes over the pipe's read end, which does not block.
    init(descriptor: Int32) throws(SystemError) {
        self.descriptor = descriptor
        try EventLoop.shared.watch(descriptor, for: .readable, handler: self)
    }

    /// Everything written since the last call; the pipe is emptied first.
    public func take() -> [UInt8] {
        drain()
        return output.take()
    }

    /// See `EventHandler`.
    public func becameReady(_ readiness: Readiness) {
        drain()
    }

    /// A request is about to be sent.
    func requestBegins() {
        guard descriptor >= 0 else { return }
        if unwatchedSince == nil {
            EventLoop.shared.watch(descriptor, nowFor: [])
            Self.unwatched.append(self)
            if Self.timer.deadline == nil { Self.timer.schedule(after: Self.patience) }
        }
        unwatchedSince = EventLoop.shared.now
    }

    private static func watchAgain() {
        let now = EventLoop.shared.now
        unwatched.removeAll { log in
            guard let since = log.unwatchedSince, log.descriptor >= 0 else { return true }
            guard now - since >= patience else { return false }
            log.unwatchedSince = nil
            // What there is already is reported too.
            EventLoop.shared.watch(log.descriptor, nowFor: .readable)
            return true
        }
        if !unwatched.isEmpty { timer.schedule(after: patience) }
    }

    func close() {
        guard descriptor >= 0 else { return }
        drain()
        EventLoop.shared.unwatch(descriptor)
        Glibc.close(descriptor)
        descriptor = -1
    }

    private func drain() {
        // A writer without pause must not hold the loop; what is left makes the descriptor ready again only
        // when more arrives, so the rest waits for the next look.
        var rounds = 64
        while descriptor >= 0, rounds > 0 {
            rounds -= 1
            let count = read(descriptor, Self.scratch.baseAddress, Self.scratch.count)
            if count <= 0 {
                if count < 0, errno == EINTR { continue }
                return
            }
            output.append(Self.scratch[..<count])
            if count < Self.scratch.count { return }
        }
        if rounds == 0 { EventLoop.post { [weak self] in self?.drain() } }
    }
}
