import Dispatch
import Glibc

/// SIGINT and SIGTERM, as events.
final class StopSignals: Sendable {
    /// Only kept alive; nothing touches them once they are resumed.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]
    private let stream: AsyncStream<Void>

    init() {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        self.stream = stream
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { @Sendable in continuation.yield() }
            source.resume()
            return source
        }
    }

    /// Waits for the next one. One task at a time.
    func first() async {
        for await _ in stream { return }
    }
}
