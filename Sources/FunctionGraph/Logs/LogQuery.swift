/// Which entries of logs are asked for.
public struct LogQuery: Sendable {
    /// The project.
    public var project: ProjectID?
    /// The URN of a function, without a version.
    public var functionURN: String?
    /// The name of a function, in whatever package.
    public var functionName: String?
    /// A request id.
    public var requestID: String?
    /// No earlier ones.
    public var since: Timestamp?
    /// No later ones.
    public var until: Timestamp?
    /// A part of the text.
    public var text: String?
    /// The most entries; the newest are given.
    public var limit: Int

    /// Everything, up to a number of entries.
    public init(limit: Int) {
        self.limit = limit
    }

    /// Whether an entry is asked for. The project is none of the entry's own members.
    public func matches(_ entry: LogEntry) -> Bool {
        if let functionURN, entry.functionURN != functionURN { return false }
        if let functionName, !entry.functionURN.hasSuffix(":\(functionName)") { return false }
        if let requestID, entry.requestID != requestID { return false }
        if let since, entry.time < since { return false }
        if let until, entry.time > until { return false }
        if let text, !String(decoding: entry.text, as: UTF8.self).contains(text) { return false }
        return true
    }
}
