import JSON

/// Which actions on which objects of a bucket an OBS trigger reports.
struct BucketNotification: Hashable, Sendable {
    /// The actions.
    let actions: Set<ObjectAction>
    /// What the objects' names begin with.
    let prefix: String
    /// What they end with.
    let suffix: String

    /// Reads `event_data` of an OBS trigger.
    ///
    /// - Throws: `FGSError` `.invalidOBSTrigger` for an event that does not exist.
    init(_ data: JSONObject) throws(FGSError) {
        var actions: Set<ObjectAction> = []
        for event in data.strings("events") { actions.formUnion(try ObjectAction.reported(as: event)) }
        self.actions = actions
        prefix = data.string("prefix")
        suffix = data.string("suffix")
    }

    /// Whether there can be an action that both report.
    func overlaps(_ other: BucketNotification) -> Bool {
        !actions.isDisjoint(with: other.actions)
            && (prefix.hasPrefix(other.prefix) || other.prefix.hasPrefix(prefix))
            && (suffix.hasSuffix(other.suffix) || other.suffix.hasSuffix(suffix))
    }
}
