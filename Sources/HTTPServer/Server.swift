import CSystem
import Glibc
import Sockets

/// An HTTP/1.1 server on the process's event loop. It knows nothing of what is served.
@EventLoopActor
public final class Server {
    /// What clients may take.
    public let limits: Limits
    /// The port that was opened; 0 until `start`.
    public private(set) var port: UInt16 = 0

    let handler: any RequestHandler
    private(set) var isStopping = false
    private var listeners: [Listener] = []
    private var connections: [Int32: Connection] = [:]
    private var stopped: [() -> Void] = []
    private lazy var graceTimer = LoopTimer { [weak self] in
        for connection in self?.connections.values ?? [:].values { connection.close() }
    }

    /// A server that does not listen yet.
    public init(handler: any RequestHandler, limits: Limits = Limits()) {
        self.handler = handler
        self.limits = limits
    }

    /// Serves who comes to an open port, and who waits there already.
    ///
    /// - Throws: `ListenError` when the process has no descriptors left.
    public func start(on socket: consuming ListeningSocket) throws(ListenError) {
        port = socket.port
        let host = socket.host
        for descriptor in socket.release() {
            let listener = Listener(descriptor: descriptor, server: self)
            listeners.append(listener)
            do throws(SystemError) {
                try listener.start()
            } catch {
                throw ListenError(host: host, port: port, reason: .other(error.description))
            }
        }
    }

    /// Stops accepting, lets every request that is being answered finish, and closes.
    ///
    /// - Parameters:
    ///   - graceMilliseconds: After this time what is still open is closed as it is.
    ///   - completion: Called on the loop when the last connection has gone.
    public func stop(graceMilliseconds: UInt64, completion: @escaping () -> Void) {
        isStopping = true
        for listener in listeners { listener.stop() }
        listeners = []
        stopped.append(completion)
        for connection in connections.values { connection.stopWhenIdle() }
        graceTimer.schedule(after: graceMilliseconds * 1_000_000)
        finishStopping()
    }

    /// Connections that are open now.
    public var connectionCount: Int { connections.count }

    func accepted(_ descriptor: Int32) {
        guard connections.count < limits.connections else {
            refuseConnection(descriptor)
            return
        }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
        let connection = Connection(descriptor: descriptor, server: self)
        do throws(SystemError) {
            try EventLoop.shared.watch(descriptor, handler: connection)
        } catch {
            close(descriptor)
            return
        }
        connections[descriptor] = connection
        connection.start()
    }

    func connectionEnded(_ connection: Connection, descriptor: Int32) {
        connections[descriptor] = nil
        if isStopping { finishStopping() }
    }

    private func finishStopping() {
        guard connections.isEmpty else { return }
        graceTimer.cancel()
        let completions = stopped
        stopped = []
        for completion in completions { completion() }
    }

    /// One answer that fits every new socket's buffer, then goodbye: holding the client would cost a slot.
    private func refuseConnection(_ descriptor: Int32) {
        var bytes: [UInt8] = []
        var response = handler.response(
            to: ProtocolError(.serviceUnavailable, "all \(limits.connections) connections are in use")
        )
        response.addHeader(.retryAfter, "1")
        ResponseWriter.appendHead(of: response, keepsAlive: false, to: &bytes)
        bytes.append(contentsOf: response.body)
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        close(descriptor)
    }
}
