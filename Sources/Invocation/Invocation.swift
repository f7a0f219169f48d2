import Runtime
import Sockets

/// One call of a handler, from the moment it is accepted to its outcome.
@EventLoopActor
public final class Invocation {
    /// The id the handler, the log and the caller see.
    public let requestID: String
    /// The alias the caller named; empty for none.
    public let alias: String
    /// The event's JSON; empty when the caller sent none.
    public let event: [UInt8]
    /// Whether the caller wants the end of the log.
    public let wantsLog: Bool
    /// Whether no client waits for its outcome.
    public let isAsynchronous: Bool

    /// Who waits for its outcome, if it is known.
    let caller: (any InvocationCaller)?
    let completion: (Result<InvocationOutcome, InvocationRefusal>) -> Void
    /// When it was accepted, on the loop's clock.
    let acceptedAt: UInt64
    /// When its handler was called; 0 before.
    var startedAt: UInt64 = 0
    /// The number its instance knows it by.
    var number: UInt64 = 0
    /// The instance that runs it.
    weak var instance: FunctionInstance?
    /// What it wrote that did not come through the pipe of its instance.
    var output = BoundedOutput()
    /// How often it was taken from an instance that had not begun it.
    var moves = 0
    /// Instances whose initializer failed before they could run it.
    var failedInitializations = 0
    /// Told when its handler is called.
    public var onStart: () -> Void = {}

    /// Describes a call. `completion` is called on the loop, once.
    public init(
        requestID: String, alias: String, event: [UInt8], wantsLog: Bool, isAsynchronous: Bool = false,
        caller: (any InvocationCaller)? = nil,
        completion: @escaping (Result<InvocationOutcome, InvocationRefusal>) -> Void
    ) {
        self.requestID = requestID
        self.alias = alias
        self.event = event
        self.wantsLog = wantsLog
        self.isAsynchronous = isAsynchronous
        self.caller = caller
        self.completion = completion
        acceptedAt = EventLoop.shared.now
    }

    /// Whether one of the connections is that of the client which waits for it.
    func isCalled(by connections: Set<ConnectionPorts>) -> Bool {
        caller?.connectionPorts.map(connections.contains) ?? false
    }
}
