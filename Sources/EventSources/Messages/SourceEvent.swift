import FunctionGraph
import Triggers

/// The event of one invocation. Some sources put the invocation's request id into it.
struct SourceEvent: Sendable {
    /// The most bytes that an event may have: as many as an asynchronous invocation's.
    static let maximumSize = 256 << 10

    /// Makes the event's JSON of the request id.
    let bytes: @Sendable (_ requestID: String) -> [UInt8]

    /// An event that is the same whatever the request id.
    init(_ event: some TriggerEvent) {
        self.init(event.bytes)
    }

    /// An event that is there already.
    init(_ bytes: [UInt8]) {
        self.bytes = { _ in bytes }
    }

    /// An event with the request id in it.
    init(_ make: @escaping @Sendable (_ requestID: String) -> some TriggerEvent) {
        bytes = { make($0).bytes }
    }

    /// Checks that the event is no larger than allowed.
    ///
    /// - Throws: `FGSError` `.requestBodyTooLarge`.
    func checkSize() throws(FGSError) {
        let size = bytes("00000000-0000-4000-8000-000000000000").count
        guard size <= Self.maximumSize else {
            throw FGSError(
                .requestBodyTooLarge,
                "the event would have \(size) bytes; at most \(Self.maximumSize) are allowed. Send less, or set a "
                    + "smaller batch_size")
        }
    }
}
