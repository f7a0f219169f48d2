import Glibc
import Sockets

/// One client's connection: reads requests, hands them over one at a time, writes the answers in order.
///
/// While a request is being answered nothing is read, so a client that sends faster than it is served fills
/// its own socket buffer and not this process.
@EventLoopActor
final class Connection: EventHandler {
    private enum State {
        case head
        case body(RequestHead, head: [UInt8], BodyReader)
        case answering(keepsAlive: Bool)
        case writing(keepsAlive: Bool)
        /// A response that goes on; what the socket does not take waits in `pending`.
        case streaming(ResponseStream)
        /// The end of such a response.
        case endingStream
        /// The last response is out; what the client still sends is read and dropped, so that the response
        /// is not lost to a reset (RFC 9112, section 9.6).
        case lingering(bytesLeft: Int)
        case closed
    }

    /// Every read of every connection goes through here; what is left over moves to its connection.
    private static let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    /// The address of the client, without a port.
    private(set) lazy var clientAddress = PeerAddress.text(of: descriptor)
    /// Its two ends, if both are on this machine.
    var ports: ConnectionPorts? { isClosed ? nil : ConnectionPorts(accepted: descriptor) }

    private let descriptor: Int32
    private unowned let server: Server
    private var state = State.head
    private var unparsed: [UInt8] = []
    private var output = OutputBuffer()
    private var pending: [UInt8] = []
    private var mayRead = true
    private var peerFinished = false
    private var isPumping = false
    /// Whether a part of the next request's header has come, whose time runs from the first byte.
    private var hasBegunHead = false
    /// What is done when a response is overdue, if somebody wants to know.
    private var overdue: (() -> Void)?
    private lazy var timer = LoopTimer { [weak self] in self?.timedOut() }

    init(descriptor: Int32, server: Server) {
        self.descriptor = descriptor
        self.server = server
    }

    var isClosed: Bool {
        if case .closed = state { true } else { false }
    }

    /// Whether no request has been handed over that still needs its answer. A part of one is none yet.
    private var isIdle: Bool {
        switch state {
        case .head, .body, .lingering: true
        case .answering, .writing, .streaming, .endingStream, .closed: false
        }
    }

    func start() {
        schedule(server.limits.headerTimeout)
        pump()
    }

    func becameReady(_ readiness: Readiness) {
        if readiness.contains(.readable) || readiness.contains(.peerFinished) { mayRead = true }
        if readiness.contains(.peerFinished) { peerFinished = true }
        if !readiness.isDisjoint(with: .closed) {
            close()
            return
        }
        if readiness.contains(.writable), case .writing = state { flush() }
        switch state {
        case .streaming where peerFinished: close()
        case .streaming where readiness.contains(.writable): flushPending()
        case .endingStream where readiness.contains(.writable): flushEnd()
        default: pump()
        }
    }

    /// Called through the exchange, once for every request handed over.
    func respond(_ response: Response, isHead: Bool) {
        guard case .answering(var keepsAlive) = state else { return }
        overdue = nil
        if response.closesConnection || server.isStopping { keepsAlive = false }
        write(response, keepsAlive: keepsAlive, isHead: isHead)
        pump()
    }

    /// Has `body` called unless the response has been given by then. One timer serves all requests of a connection.
    func whenOverdue(after milliseconds: UInt64, _ body: @escaping () -> Void) {
        guard case .answering = state else { return }
        overdue = body
        schedule(milliseconds)
    }

    /// Begins a response that goes on.
    func stream(_ response: Response) -> ResponseStream? {
        guard case .answering = state else { return nil }
        guard !peerFinished else {
            close()
            return nil
        }
        timer.cancel()
        overdue = nil
        let stream = ResponseStream(self)
        state = .streaming(stream)
        ResponseWriter.appendStreamHead(of: response, to: &pending)
        flushPending()
        return isClosed ? nil : stream
    }

    /// Adds a part of the response that goes on.
    func write(_ bytes: [UInt8], of stream: ResponseStream) {
        guard case .streaming(let current) = state, current === stream else { return }
        pending.append(contentsOf: bytes)
        flushPending()
    }

    /// Ends the response that goes on, once the client has taken what is left of it.
    func finish(_ stream: ResponseStream) {
        guard case .streaming(let current) = state, current === stream else { return }
        state = .endingStream
        pending.append(contentsOf: "0\r\n\r\n".utf8)
        flushEnd()
    }

    private func flushEnd() {
        flushPending()
        guard case .endingStream = state else { return }
        if pending.isEmpty {
            linger()
        } else {
            schedule(server.limits.writeTimeout)
        }
    }

    private func flushPending() {
        while !pending.isEmpty {
            let count = send(descriptor, pending, pending.count, Int32(MSG_NOSIGNAL))
            if count > 0 {
                pending.removeFirst(count)
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                // A reader that falls too far behind is let go.
                if pending.count > server.limits.streamBytes { close() }
                return
            } else if errno != EINTR {
                return close()
            }
        }
    }

    /// Closes if nothing is going on; otherwise the connection ends with the response under way. One that goes on
    /// ends here.
    func stopWhenIdle() {
        if case .streaming(let stream) = state {
            stream.onEnd()
            finish(stream)
        }
        if isIdle { close() }
    }

    func close() {
        guard !isClosed else { return }
        let before = state
        state = .closed
        overdue = nil
        if case .streaming(let stream) = before { stream.onEnd() }
        timer.cancel()
        EventLoop.shared.unwatch(descriptor)
        Glibc.close(descriptor)
        server.connectionEnded(self, descriptor: descriptor)
    }

    // MARK: Reading

    /// Goes on until there is nothing to read, or an answer has to come first.
    private func pump() {
        guard !isPumping else { return }
        isPumping = true
        defer { isPumping = false }
        while true {
            switch state {
            case .answering, .writing, .streaming, .endingStream, .closed: return
            case .head, .body, .lingering: break
            }
            if !unparsed.isEmpty, takeUnparsed() { continue }
            guard mayRead, receive() else { return }
        }
    }

    /// Parses what is left from an earlier read. Returns whether that led anywhere.
    private func takeUnparsed() -> Bool {
        var bytes: [UInt8] = []
        swap(&bytes, &unparsed)
        let used = bytes.withUnsafeBytes { feed($0) }
        if used == 0 {
            swap(&bytes, &unparsed)
            return false
        }
        unparsed.insert(contentsOf: bytes[used...], at: 0)
        return true
    }

    /// Reads once. Returns false when there is nothing more for now.
    private func receive() -> Bool {
        let count = recv(descriptor, Self.scratch.baseAddress, Self.scratch.count, 0)
        guard count > 0 else {
            if count < 0, errno == EINTR { return true }
            if count < 0, errno == EAGAIN || errno == EWOULDBLOCK {
                mayRead = false
            } else {
                close()
            }
            return false
        }
        // A short read took everything; new bytes will be announced by a new edge.
        if count < Self.scratch.count { mayRead = false }
        let bytes = UnsafeRawBufferPointer(rebasing: Self.scratch[..<count])
        if unparsed.isEmpty {
            let used = feed(bytes)
            // `feed` has moved the rest before it called any handler that might have reused the buffer.
            if used < count, unparsed.isEmpty { unparsed.append(contentsOf: bytes[used...]) }
        } else {
            unparsed.append(contentsOf: bytes)
        }
        return true
    }

    /// Hands bytes to whatever is being read. Returns how many were used or stored.
    private func feed(_ bytes: UnsafeRawBufferPointer) -> Int {
        do throws(ProtocolError) {
            switch state {
            case .head:
                return try feedHead(bytes)
            case .body(let head, let headBytes, var reader):
                // The reader must be the only owner of what it has collected, or appending would copy it.
                state = .head
                let used = try reader.consume(bytes)
                if reader.isComplete {
                    keep(bytes, from: used)
                    dispatch(head.request(head: headBytes, body: reader.takeBody()), head)
                    return bytes.count
                }
                if reader.tookMuch() { schedule(server.limits.bodyTimeout) }
                state = .body(head, head: headBytes, reader)
                return used
            case .lingering(let bytesLeft):
                if bytes.count > bytesLeft {
                    close()
                } else {
                    state = .lingering(bytesLeft: bytesLeft - bytes.count)
                }
                return bytes.count
            case .answering, .writing, .streaming, .endingStream, .closed:
                return 0
            }
        } catch {
            refuse(error)
            return bytes.count
        }
    }

    private func feedHead(_ bytes: UnsafeRawBufferPointer) throws(ProtocolError) -> Int {
        guard let head = try HeadParser(limits: server.limits).parse(bytes) else {
            if !hasBegunHead { schedule(server.limits.headerTimeout) }
            hasBegunHead = true
            return 0
        }
        hasBegunHead = false
        let headBytes = [UInt8](bytes[..<head.byteCount])
        var reader = try BodyReader(head.framing, limit: server.limits.bodyBytes)
        let rest = UnsafeRawBufferPointer(rebasing: bytes[head.byteCount...])
        let used = try reader.consume(rest)
        if reader.isComplete {
            keep(rest, from: used)
            dispatch(head.request(head: headBytes, body: reader.takeBody()), head)
            return bytes.count
        }
        state = .body(head, head: headBytes, reader)
        schedule(server.limits.bodyTimeout)
        if head.expectsContinue, used == 0 { sendContinue() }
        return head.byteCount + used
    }

    private func keep(_ bytes: UnsafeRawBufferPointer, from index: Int) {
        if index < bytes.count { unparsed.append(contentsOf: bytes[index...]) }
    }

    private func dispatch(_ request: Request, _ head: RequestHead) {
        timer.cancel()
        state = .answering(keepsAlive: head.keepsAlive)
        server.handler.handle(Exchange(request: request, connection: self))
    }

    private func refuse(_ error: ProtocolError) {
        state = .answering(keepsAlive: false)
        unparsed.removeAll()
        write(server.handler.response(to: error), keepsAlive: false, isHead: false)
    }

    // MARK: Writing

    private func sendContinue() {
        let interim: StaticString = "HTTP/1.1 100 Continue\r\n\r\n"
        // The socket's buffer is empty here: the client waits and nothing else is under way.
        _ = interim.withUTF8Buffer { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    private func write(_ response: Response, keepsAlive: Bool, isHead: Bool) {
        output.load(response, keepsAlive: keepsAlive, isHead: isHead)
        state = .writing(keepsAlive: keepsAlive)
        flush()
    }

    private func flush() {
        guard case .writing(let keepsAlive) = state else { return }
        switch output.flush(to: descriptor) {
        case .complete:
            if keepsAlive {
                state = .head
                schedule(unparsed.isEmpty ? server.limits.idleTimeout : server.limits.headerTimeout)
            } else {
                linger()
            }
        case .wouldBlock:
            schedule(server.limits.writeTimeout)
        case .failed:
            close()
        }
    }

    private func linger() {
        unparsed.removeAll()
        guard shutdown(descriptor, Int32(SHUT_WR)) == 0 else { return close() }
        state = .lingering(bytesLeft: 1 << 20)
        schedule(2_000)
    }

    // MARK: Time

    private func schedule(_ milliseconds: UInt64) {
        timer.schedule(after: milliseconds * 1_000_000)
    }

    private func timedOut() {
        switch state {
        case .head where unparsed.isEmpty:
            close()
        case .head, .body:
            refuse(ProtocolError(.requestTimeout, "the request took too long to arrive"))
        case .writing, .endingStream, .lingering:
            close()
        case .answering:
            let body = overdue
            overdue = nil
            body?()
        case .streaming, .closed:
            break
        }
    }
}
