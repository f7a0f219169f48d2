import FunctionGraph
import Sockets

/// Somebody who reads logs while they are written.
@EventLoopActor
public final class LogFollower {
    /// What they want to read.
    public let query: LogQuery
    /// Takes an entry.
    let receive: (LogEntry) -> Void

    /// Describes a reader. `receive` is called on the loop.
    public init(_ query: LogQuery, receive: @escaping (LogEntry) -> Void) {
        self.query = query
        self.receive = receive
    }
}
