import Glibc
import Sockets

/// What an instance writes to its standard output and error, through the pipe that is both.
@EventLoopActor
public final class InstanceLog: EventHandler {
    /// Called when there is something to read, before it is read.
    var beforeReading: () -> Void = {}

    private var descriptor: Int32
    private var output = BoundedOutput()
    private static let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    /// Takes over the pipe's read end, which does not block.
    init(descriptor: Int32) throws(SystemError) {
        self.descriptor = descriptor
        try EventLoop.shared.watch(descriptor, for: .readable, handler: self)
    }

    /// Everything written since the last call.
    ///
    /// - Parameter emptiesPipe: Whether there may be more in the pipe.
    public func take(emptiesPipe: Bool = true) -> [UInt8] {
        if emptiesPipe { drain() }
        return output.take()
    }

    /// See `EventHandler`.
    public func becameReady(_ readiness: Readiness) {
        beforeReading()
        drain()
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
        if rounds == 0 { EventLoop.post { [weak self] in self?.becameReady(.readable) } }
    }
}
