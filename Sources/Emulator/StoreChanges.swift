import FunctionStore
import Sockets

/// Brings changes of the store to the event loop, in order. What is posted to the loop after a change was
/// announced meets those who have heard of it.
@EventLoopActor
final class StoreChanges: Sendable {
    /// Told of every change.
    var receiver: (StoreChange) -> Void = { _ in }

    /// Called on any thread.
    nonisolated func announce(_ change: StoreChange) {
        EventLoop.post { self.receiver(change) }
    }
}
