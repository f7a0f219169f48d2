import CSystem
import Glibc
import Sockets
import WorkerProtocol

/// The server's side of one instance: a forked process that is first nobody, then one function for good.
@EventLoopActor
public final class Instance: EventHandler {
    /// The server's number for it, unique while the server runs.
    public let id: UInt32
    /// The process; nil until the zygote has said so.
    public internal(set) var process: pid_t?
    /// What it writes to its standard output and error.
    public let log: InstanceLog
    /// How it ended, as waitpid(2) tells it; nil while it runs, and when nobody could tell.
    public internal(set) var exitStatus: Int32?
    /// Who is told what happens in it.
    public weak var owner: (any InstanceOwner)?

    private let orders: Int32
    private let answers: Int32
    private var lifeline: Int32
    private var reader = FrameReader()
    private var outgoing: [OutgoingBytes] = []
    private var hasEnded = false
    private var awaitsRoom = false
    private var hasGrown = false
    private let end: (Instance) -> Void
    /// For a process that cannot be killed at once, one in the middle of a device's work.
    private lazy var endTimer = LoopTimer { [weak self] in self?.ended() }

    /// Takes over the server's ends. `end` orders the death of the process, whoever forked it.
    init(
        id: UInt32,
        _ descriptors: consuming InstanceDescriptors,
        end: @escaping (Instance) -> Void
    ) throws(SystemError) {
        self.id = id
        self.end = end
        orders = descriptors.orders.release()
        answers = descriptors.answers.release()
        lifeline = descriptors.lifeline.release()
        log = try InstanceLog(descriptor: descriptors.output.release())
        try EventLoop.shared.watch(answers, for: .readable, handler: self)
    }

    /// Makes the process an instance of a function. `ready`, `failedToLoad` or `ended` follows.
    ///
    /// - Parameter payload: A `LoadHeader` and the specification.
    public func load(_ payload: [UInt8]) {
        send(.load, request: 0, prefix: [], payload)
    }

    /// Runs the handler. `answered` or `ended` follows.
    ///
    /// - Parameters:
    ///   - request: Comes back in the answer.
    ///   - event: The event's JSON; empty for none.
    public func invoke(request: UInt64, envelope: [UInt8], event: [UInt8]) {
        send(.invoke, request: request, prefix: envelope, event)
    }

    /// Has the process run what comes before its end, and end.
    public func stop() {
        send(.stop, request: 0, prefix: [], [])
    }

    /// Kills the process and everything in its group. `instanceEnded` follows.
    public func kill() {
        guard !hasEnded, lifeline >= 0 else { return }
        // The kernel kills the group when the last write end of its lifeline closes.
        close(lifeline)
        lifeline = -1
        end(self)
        endTimer.schedule(after: 1_000_000_000)
    }

    /// The process has ended.
    func ended() {
        guard !hasEnded else { return }
        // What it said last may arrive after the news of its end.
        reader.begin()
        readFrames()
        hasEnded = true
        endTimer.cancel()
        EventLoop.shared.unwatch(answers)
        EventLoop.shared.unwatch(orders)
        close(answers)
        close(orders)
        if lifeline >= 0 { close(lifeline) }
        log.close()
        owner?.instanceEnded(self)
    }

    /// See `EventHandler`.
    public func becameReady(_ readiness: Readiness) {
        if readiness.contains(.writable), !outgoing.isEmpty { flush() }
        guard !readiness.isDisjoint(with: [.readable, .peerFinished, .closed]) else { return }
        reader.begin()
        readFrames()
    }

    private func readFrames() {
        while !hasEnded {
            switch reader.read(from: answers) {
            case .frame(let frame): handle(frame)
            case .nothingYet: return
            case .ended:
                // Nobody speaks any more; the zygote reports its death.
                kill()
                return
            }
        }
    }

    private func handle(_ frame: IncomingFrame) {
        guard let owner else { return }
        switch frame.kind {
        case .initializing: owner.instanceInitializing(self)
        case .ready: owner.instanceReady(self, frame.result)
        case .loadFailed: owner.instance(self, failedToLoad: frame.result, error: frame.body)
        case .result: owner.instance(self, answered: frame.request, frame.result, body: frame.body)
        case .output: owner.instance(self, wrote: frame.body, for: frame.request)
        case .load, .invoke, .stop: kill()
        }
    }

    private func send(_ kind: FrameKind, request: UInt64, prefix: [UInt8], _ body: [UInt8]) {
        var head = [UInt8](repeating: 0, count: FrameHeader.byteCount)
        head.withUnsafeMutableBytes {
            FrameHeader(kind: kind, length: prefix.count + body.count, request: request).write(to: $0)
        }
        head.append(contentsOf: prefix)
        outgoing.append(OutgoingBytes(head, body))
        if outgoing.count == 1 { flush() }
    }

    private func flush() {
        while !outgoing.isEmpty, !hasEnded {
            switch outgoing[0].write(to: orders) {
            case .done: outgoing.removeFirst()
            case .wouldBlock:
                guard waitForRoom() else { continue }
                return
            case .failed:
                kill()
                return
            }
        }
        if awaitsRoom, !hasEnded {
            awaitsRoom = false
            EventLoop.shared.unwatch(orders)
        }
    }

    /// Makes the pipe as large as it can be, the first time it is full; after that, has the loop tell when there is
    /// room. Whether to wait.
    private func waitForRoom() -> Bool {
        if !hasGrown {
            hasGrown = true
            if csystem_grow_pipe(orders) == 0 { return false }
        }
        guard !awaitsRoom else { return true }
        do throws(SystemError) {
            try EventLoop.shared.watch(orders, for: .writable, handler: self)
            awaitsRoom = true
        } catch {
            kill()
        }
        return true
    }
}
