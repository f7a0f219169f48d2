/// How many triggers a version or an alias of a function may have.
public enum TriggerQuota {
    /// How many in all (user manual).
    public static let maximumCount = 10
    /// How many of those whose source the platform asks for news (API reference, FSS.1123).
    public static let maximumPullCount = 10

    /// Checks that there is room for one more.
    ///
    /// - Parameter types: the types of the triggers that are bound to the same version or alias.
    /// - Throws: `FGSError` `.pullTriggerQuotaExceeded` or `.triggerQuotaExceeded`.
    public static func check(adding type: TriggerType, to types: [TriggerType]) throws(FGSError) {
        guard !type.isPull || types.count(where: \.isPull) < maximumPullCount else {
            throw FGSError(
                .pullTriggerQuotaExceeded,
                "there are \(maximumPullCount) triggers that fetch their events, which is all there may be"
            )
        }
        guard types.count < maximumCount else {
            throw FGSError(
                .triggerQuotaExceeded,
                "there are \(maximumCount) triggers, which is all a function version may have"
            )
        }
    }
}
