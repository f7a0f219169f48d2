import Glibc
import Sockets

/// What an instance writes to its standard output and error, through the pipe that is both.
@EventLoopActor
public final class InstanceLog: EventHandler {
    /// Called when there is something to read; it is to call `read`.
    var becameReadable: () -> Void = {}

    private var descriptor: Int32
    private var output = BoundedOutput()
    /// More than the pipe holds. So one read empties it, and leaves what is written from then on.
    private static let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)

    /// Takes over the pipe's read end, which does not block.
    ///
    /// - Throws: `SystemError` when the kernel has no memory to watch it; it is closed then.
    init(_ pipe: consuming FileDescriptor) throws(SystemError) {
        descriptor = pipe.release()
        do throws(SystemError) {
            try EventLoop.shared.watch(descriptor, for: .readable, handler: self)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    /// Whether something was read that has not been taken.
    public var holdsOutput: Bool { output.count > 0 }

    /// Everything written since the last call.
    ///
    /// - Parameter emptiesPipe: Whether there may be more in the pipe.
    public func take(emptiesPipe: Bool = true) -> [UInt8] {
        if emptiesPipe { read() }
        return output.take()
    }

    /// See `EventHandler`.
    public func becameReady(_ readiness: Readiness) {
        becameReadable()
    }

    /// Reads what is there, to be taken later.
    public func read() {
        // A writer without pause must not hold the loop; what is left makes the descriptor ready again only
        // when more arrives, so the rest waits for the next look.
        var rounds = 64
        while descriptor >= 0, rounds > 0 {
            rounds -= 1
            let count = Glibc.read(descriptor, Self.scratch.baseAddress, Self.scratch.count)
            if count <= 0 {
                if count < 0, errno == EINTR { continue }
                return
            }
            output.append(Self.scratch[..<count])
            if count < Self.scratch.count { return }
        }
        if rounds == 0 { EventLoop.post { [weak self] in self?.becameReadable() } }
    }

    func close() {
        guard descriptor >= 0 else { return }
        read()
        EventLoop.shared.unwatch(descriptor)
        Glibc.close(descriptor)
        descriptor = -1
    }
}
