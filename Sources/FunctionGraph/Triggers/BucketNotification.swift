import JSON

/// Which actions on which objects of a bucket an OBS trigger reports.
public struct BucketNotification: Hashable, Sendable {
    /// The actions.
    public let actions: Set<ObjectAction>
    /// What the objects' names begin with.
    public let prefix: String
    /// What they end with.
    public let suffix: String

    /// Reads `event_data` of an OBS trigger.
    ///
    /// - Throws: `FGSError` `.invalidOBSTrigger` for an event that does not exist.
    public init(_ data: JSONObject) throws(FGSError) {
        var actions: Set<ObjectAction> = []
        for event in data.strings("events") { actions.formUnion(try ObjectAction.reported(as: event)) }
        self.actions = actions
        prefix = data.string("prefix")
        suffix = data.string("suffix")
    }

    /// Whether it reports an action on an object.
    public func reports(_ action: ObjectAction, of key: String) -> Bool {
        // By bytes: to `String`, an accented letter equals a letter and its accent.
        actions.contains(action) && key.utf8.starts(with: prefix.utf8)
            && key.utf8.reversed().starts(with: suffix.utf8.reversed())
    }

    /// Whether there can be an action that both report.
    func overlaps(_ other: BucketNotification) -> Bool {
        !actions.isDisjoint(with: other.actions)
            && (prefix.hasPrefix(other.prefix) || other.prefix.hasPrefix(prefix))
            && (suffix.hasSuffix(other.suffix) || other.suffix.hasSuffix(suffix))
    }
}
