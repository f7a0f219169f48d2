import FunctionStore
import Sockets

/// Something that makes triggers fire: told which triggers there are, it finds out by itself when.
@EventLoopActor
public protocol EventSource: AnyObject {
    /// A trigger is there that was not, or is not what it was. Sources ignore those of types that are not theirs,
    /// and those that are disabled do not fire.
    func set(_ trigger: FunctionStore.BoundTrigger)
    /// A trigger is gone.
    func remove(_ trigger: FunctionStore.BoundTrigger)
    /// Calls back once what it was told up to now is in force.
    func whenCurrent(_ body: @escaping () -> Void)
}

extension EventSource {
    /// Sources that need no time are always current.
    public func whenCurrent(_ body: @escaping () -> Void) { body() }
}
