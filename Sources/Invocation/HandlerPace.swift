/// Whether a handler is done soon and writes nothing, as far as its last calls tell.
struct HandlerPace {
    /// Good calls lately, at most `most`.
    private var credit = 0

    /// What counts as soon, in nanoseconds: the time of a few hand-overs between processes.
    private static let quick: UInt64 = 100_000
    private static let most = 8
    private static let enough = 4
    /// What a slow call costs.
    private static let price = 2

    /// Whether the next call is likely to be one that is worth waiting for.
    var isQuick: Bool { credit >= Self.enough }

    /// A call has ended. A slow one, which may only have waited for a processor, takes back some of the credit; one
    /// that wrote something takes all.
    mutating func saw(duration nanoseconds: UInt64, wrote: Bool) {
        if wrote {
            credit = 0
        } else if nanoseconds <= Self.quick {
            credit = min(credit + 1, Self.most)
        } else {
            credit = max(credit - Self.price, 0)
        }
    }
}
