/// Is told when a descriptor that it had the event loop watch becomes ready.
@EventLoopActor
public protocol EventHandler: AnyObject {
    /// Called on the loop with everything that became true since the last call.
    func becameReady(_ readiness: Readiness)
}
