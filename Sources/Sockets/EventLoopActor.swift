import Glibc

/// The isolation of everything that lives on the event loop: connections, workers, timers.
///
/// Its executor is the loop's own thread, so code isolated to it calls other such code directly, with no
/// hop, no lock and no atomic, and the compiler refuses access from anywhere else.
@globalActor
public final actor EventLoopActor {
    /// The one instance.
    public static let shared = EventLoopActor()

    private let executor = EventLoopExecutor.shared

    /// The loop's thread, as an executor.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Runs `body` as part of the loop. The caller must be on the loop's thread; the program stops otherwise.
    public nonisolated static func assumeIsolated<Result>(
        _ body: @EventLoopActor () throws -> Result
    ) rethrows -> Result {
        typealias Isolated = @EventLoopActor () throws -> Result
        typealias Plain = () throws -> Result
        EventLoopExecutor.shared.checkIsolated()
        // The isolation of a function is no part of its representation, so once the thread has been
        // checked the cast is sound; the standard library's `MainActor.assumeIsolated` does the same.
        return try withoutActuallyEscaping(body) { (isolated: @escaping Isolated) throws -> Result in
            try unsafeBitCast(isolated, to: Plain.self)()
        }
    }
}
