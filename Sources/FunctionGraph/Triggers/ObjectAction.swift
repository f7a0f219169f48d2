/// What happens to an object of a bucket.
public enum ObjectAction: String, Hashable, Sendable, CaseIterable {
    /// It was uploaded with PUT.
    case put = "ObjectCreated:Put"
    /// It was uploaded with POST.
    case post = "ObjectCreated:Post"
    /// It was made by copying.
    case copy = "ObjectCreated:Copy"
    /// It was put together of parts.
    case completeMultipartUpload = "ObjectCreated:CompleteMultipartUpload"
    /// It was deleted.
    case delete = "ObjectRemoved:Delete"
    /// It was hidden by a mark, as deleting does in buckets that keep versions.
    case deleteMarkerCreated = "ObjectRemoved:DeleteMarkerCreated"

    /// Whether the object is gone.
    public var isRemoval: Bool { self == .delete || self == .deleteMarkerCreated }

    /// The actions that a member of `events` of an OBS trigger means: a group (`s3:ObjectCreated:*`) or one action
    /// (`s3:ObjectCreated:Put`). The operation's page in the API reference also has names without `s3:`, and
    /// without the group.
    ///
    /// - Throws: `FGSError` `.invalidOBSTrigger` for what is neither.
    static func reported(as event: String) throws(FGSError) -> [ObjectAction] {
        let name = event.hasPrefix("s3:") ? String(event.dropFirst(3)) : event
        let actions = allCases.filter { action in
            let parts = action.rawValue.split(separator: ":")
            return [action.rawValue, "\(parts[0]):*", "\(parts[0])", "\(parts[1])"].contains(name)
        }
        guard !actions.isEmpty else {
            throw FGSError(
                .invalidOBSTrigger,
                "event_data.events has '\(event.prefix(80))'; the events are s3:ObjectCreated:*, "
                    + "s3:ObjectRemoved:*, \(allCases.map { "s3:\($0.rawValue)" }.joined(separator: ", "))"
            )
        }
        return actions
    }
}
