import Runtime
import Sockets
import WorkerProtocol

/// The invocations that an instance has been given: those that it runs, and those that it was sent behind them.
///
/// What was sent ahead can be taken back until the instance has begun it, since each frame is one packet of its pipe; see
/// "Workers" in docs/architecture.md.
@EventLoopActor
final class InstanceWork {
    /// What was taken back.
    struct Returned {
        /// The invocations, in the order in which they are to be run.
        var invocations: [Invocation] = []
        /// Whether the first of them is what the instance was to run: it runs the one behind that instead, if any.
        var includesFirst = false
    }

    /// What it runs, the one that came first at the front.
    private(set) var running: [Invocation] = []
    /// What it has been sent while it ran something else, to go on with at once, in that order.
    private(set) var sentAhead: [Invocation] = []

    private let instance: Instance
    private var envelope: [UInt8] = []
    private var lastNumber: UInt64 = 0
    /// Whether what it runs first is known to have been read.
    private var hasBegunFirst = false

    /// How many invocations are sent ahead.
    private static let mostAhead = 3

    /// That of an instance which has been given nothing.
    init(of instance: Instance) {
        self.instance = instance
    }

    /// Whether another invocation may be sent ahead.
    var hasRoomAhead: Bool { sentAhead.count < Self.mostAhead }

    /// Whether what it runs first may still be unread.
    var mayNotHaveBegun: Bool { !running.isEmpty && !hasBegunFirst }

    /// Whether it runs this invocation.
    func isRunning(_ invocation: Invocation) -> Bool { running.contains { $0 === invocation } }

    /// Counts an invocation as one that runs, before it is sent.
    func add(_ invocation: Invocation) {
        number(invocation)
        appendRunning(invocation)
    }

    /// Sends an invocation that was added.
    ///
    /// - Parameter isAlone: Whether the instance runs nothing beside it, now and later.
    func send(_ invocation: Invocation, isAlone: Bool) {
        fillEnvelope(for: invocation)
        instance.invoke(
            request: invocation.number, envelope: envelope, event: invocation.event, isAlone: isAlone)
    }

    /// Sends an invocation that is to be run next.
    ///
    /// - Returns: Whether it was sent.
    func sendAhead(_ invocation: Invocation) -> Bool {
        number(invocation)
        fillEnvelope(for: invocation)
        guard instance.invokeNext(request: invocation.number, envelope: envelope, event: invocation.event)
        else { return false }
        sentAhead.append(invocation)
        return true
    }

    /// Counts what was sent ahead first as what it runs now.
    ///
    /// - Returns: That invocation; nil if nothing was sent ahead.
    func beginNext() -> Invocation? {
        guard !sentAhead.isEmpty else { return nil }
        let invocation = sentAhead.removeFirst()
        appendRunning(invocation)
        return invocation
    }

    /// Takes an invocation that has been answered out of those that run; nil if it is not among them.
    func remove(_ number: UInt64) -> Invocation? {
        for index in running.indices where running[index].number == number {
            return running.remove(at: index)
        }
        return nil
    }

    /// Forgets what runs: the process has ended.
    func removeRunning() {
        running = []
    }

    /// Takes back what was sent ahead and has not been begun.
    ///
    /// - Parameter includingFirst: Whether what it is to run first is taken back too, if it has not begun that either;
    ///   otherwise that stays its own.
    func takeBack(includingFirst: Bool) -> Returned {
        guard !sentAhead.isEmpty || includingFirst && mayNotHaveBegun else { return Returned() }
        let numbers = instance.takeBack()
        var returned = Returned(invocations: sentAhead.filter { numbers.contains($0.number) })
        sentAhead.removeAll { numbers.contains($0.number) }
        guard let first = running.first, numbers.contains(first.number) else {
            hasBegunFirst = true
            return returned
        }
        if sentAhead.isEmpty, !includingFirst {
            // It has begun nothing yet.
            if !instance.hasExited { send(first, isAlone: true) }
        } else {
            // It has begun nothing, or what came behind the first, which had just been taken out.
            running.removeFirst()
            returned.invocations.insert(first, at: 0)
            returned.includesFirst = true
        }
        return returned
    }

    /// Takes back what was sent ahead and is still there after `takeBack`: the instance has read it, but never became one
    /// that could begin it.
    func takeBackRead() -> [Invocation] {
        defer { sentAhead = [] }
        return sentAhead
    }

    private func appendRunning(_ invocation: Invocation) {
        if running.isEmpty { hasBegunFirst = false }
        running.append(invocation)
    }

    private func number(_ invocation: Invocation) {
        lastNumber &+= 1
        invocation.number = lastNumber
    }

    private func fillEnvelope(for invocation: Invocation) {
        envelope.removeAll(keepingCapacity: true)
        InvocationEnvelope(
            requestID: invocation.requestID, alias: invocation.alias,
            isAsynchronous: invocation.isAsynchronous
        ).append(to: &envelope)
    }
}
