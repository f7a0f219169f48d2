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
    /// Whether the process has gone, though what it said last may still be read.
    public private(set) var hasExited = false
    /// Who is told what happens in it.
    public weak var owner: (any InstanceOwner)?

    private let orders: OrderPipe
    private let answers: Int32
    private var lifeline: Int32
    private var reader = FrameReader()
    private var hasEnded = false
    /// What it had not begun when it ended.
    private var leftovers: [UInt64] = []
    private let end: (Instance) -> Void
    /// For a process that cannot be killed at once, one in the middle of a device's work.
    private lazy var endTimer = LoopTimer { [weak self] in self?.ended() }

    /// Takes over the server's ends. `end` orders the death of the process, whoever forked it.
    ///
    /// - Throws: `SystemError` when the kernel has no memory to watch them. They are closed then, and the process ends.
    init(
        id: UInt32,
        _ descriptors: consuming InstanceDescriptors,
        end: @escaping (Instance) -> Void
    ) throws(SystemError) {
        self.id = id
        self.end = end
        log = try InstanceLog(descriptors.output)
        answers = descriptors.answers.release()
        lifeline = descriptors.lifeline.release()
        orders = OrderPipe(descriptor: descriptors.orders.release())
        orders.failed = { [weak self] in self?.kill() }
        log.becameReadable = { [weak self] in
            guard let self else { return }
            if let owner { owner.instanceHasOutput(self) } else { log.read() }
        }
        do throws(SystemError) {
            try EventLoop.shared.watch(answers, for: .readable, handler: self)
        } catch {
            close(answers)
            close(lifeline)
            orders.close()
            log.close()
            throw error
        }
    }

    /// Makes the process an instance of a function. `ready`, `failedToLoad` or `ended` follows.
    ///
    /// - Parameter payload: A `LoadHeader` and the specification.
    public func load(_ payload: [UInt8]) {
        orders.send(.load, request: 0, prefix: [], payload, asPacket: true)
    }

    /// Runs the handler. `answered` or `ended` follows.
    ///
    /// - Parameters:
    ///   - request: Comes back in the answer.
    ///   - event: The event's JSON; empty for none.
    ///   - isAlone: Whether nothing else runs in the instance.
    public func invoke(request: UInt64, envelope: [UInt8], event: [UInt8], isAlone: Bool) {
        orders.send(.invoke, request: request, prefix: envelope, event, asPacket: isAlone)
    }

    /// Has it run the handler after what it does now, which it does alone: it loads, or runs the handler. `answered` or
    /// `ended` follows. Parameters as for `invoke`.
    ///
    /// - Returns: Whether it was sent: that takes an event of a few kilobytes, and as small a frame before it.
    public func invokeNext(request: UInt64, envelope: [UInt8], event: [UInt8]) -> Bool {
        !hasEnded && orders.sendAhead(.invoke, request: request, prefix: envelope, event)
    }

    /// Takes back what it has not begun, in the order it was sent. What it began before is in its answers when this
    /// returns, but for the last.
    public func takeBack() -> [UInt64] {
        defer { leftovers = [] }
        return hasEnded ? leftovers : orders.takeBack()
    }

    /// Reads what it has answered, if the loop has not done so yet.
    public func readAnswers() {
        reader.begin()
        readFrames()
    }

    /// Has the process run what comes before its end, and end.
    public func stop() {
        orders.send(.stop, request: 0, prefix: [], [], asPacket: false)
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
        hasExited = true
        // What it said last may arrive after the news of its end.
        readAnswers()
        leftovers = orders.takeBack()
        hasEnded = true
        endTimer.cancel()
        EventLoop.shared.unwatch(answers)
        close(answers)
        orders.close()
        if lifeline >= 0 { close(lifeline) }
        log.close()
        owner?.instanceEnded(self)
    }

    /// See `EventHandler`.
    public func becameReady(_ readiness: Readiness) {
        readAnswers()
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
}
