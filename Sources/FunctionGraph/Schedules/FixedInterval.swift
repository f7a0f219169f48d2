/// An even distance between fires, counted from an activation. Each fire is computed from the activation and not
/// from the one before, so that lateness does not add up.
struct FixedInterval: Hashable, Sendable {
    /// The distance; at least 1.
    let seconds: Int64

    /// The first fire after `time`; a whole second. The first of all comes one interval after the whole second in
    /// which the activation was.
    ///
    /// - Returns: nil if that is not before the year 10000.
    func next(after time: Timestamp, activatedAt activation: Timestamp) -> Timestamp? {
        let origin = activation.seconds
        let elapsed = max(0, time.seconds - origin)
        let fire = origin + (elapsed / seconds + 1) * seconds
        return fire <= Timestamp.lastWritable.seconds ? Timestamp(seconds: fire) : nil
    }
}
