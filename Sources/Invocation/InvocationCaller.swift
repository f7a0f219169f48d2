import Sockets

/// Who waits for the outcome of an invocation.
@EventLoopActor
public protocol InvocationCaller: AnyObject {
    /// Its connection; nil when it is not on this machine, has gone, or has its answer.
    var connectionPorts: ConnectionPorts? { get }
}
