import CSystem
import Glibc
import Sockets

/// Accepts connections on one address.
@EventLoopActor
final class Listener: EventHandler {
    private let descriptor: Int32
    private unowned let server: Server
    private var isOpen = true
    private lazy var retryTimer = LoopTimer { [weak self] in self?.resume() }

    init(descriptor: Int32, server: Server) {
        self.descriptor = descriptor
        self.server = server
    }

    func start() throws(SystemError) {
        try EventLoop.shared.watch(descriptor, for: .readable, edgeTriggered: false, handler: self)
    }

    func stop() {
        guard isOpen else { return }
        isOpen = false
        retryTimer.cancel()
        EventLoop.shared.unwatch(descriptor)
        close(descriptor)
    }

    func becameReady(_ readiness: Readiness) {
        // A bounded number per turn: connections that are open already come first.
        for _ in 0..<64 where isOpen {
            let accepted = csystem_accept(descriptor)
            if accepted >= 0 {
                server.accepted(accepted)
                continue
            }
            switch errno {
            case EINTR, ECONNABORTED: continue
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: pause()
            default: break
            }
            return
        }
    }

    /// With no descriptor left, accepting again at once would only spin.
    private func pause() {
        EventLoop.shared.unwatch(descriptor)
        retryTimer.schedule(after: 100_000_000)
    }

    private func resume() {
        guard isOpen else { return }
        do throws(SystemError) { try start() } catch { retryTimer.schedule(after: 1_000_000_000) }
    }
}
