import FunctionGraph
import Sockets

/// What has fired since the server started. The oldest are forgotten beyond a number.
@EventLoopActor
public final class FireLog {
    /// How many fires have been recorded, forgotten ones too: the number of the next one.
    public private(set) var count = 0

    private var fires: [Fire] = []
    private let capacity: Int

    /// An empty log.
    public init(capacity: Int = 100_000) {
        self.capacity = capacity
    }

    /// The fires from the one with a number on, as far as they are remembered.
    public func fires(from number: Int = 0) -> ArraySlice<Fire> {
        fires[max(0, min(number - forgotten, fires.count))...]
    }

    /// Records a fire.
    ///
    /// - Returns: its number.
    public func append(_ fire: Fire) -> Int {
        // In large pieces: moving what remains takes time.
        if fires.count >= capacity + capacity / 4 { fires.removeFirst(fires.count - capacity + 1) }
        fires.append(fire)
        count += 1
        return count - 1
    }

    /// Writes down what became of the fire with a number, if it is remembered.
    public func conclude(_ number: Int, _ result: FireResult) {
        guard number >= forgotten else { return }
        fires[number - forgotten].result = result
    }

    /// Forgets everything.
    public func removeAll() {
        fires.removeAll()
    }

    private var forgotten: Int { count - fires.count }
}
