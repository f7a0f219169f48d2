import JSON

/// The log group and stream that a function writes to (`log_config`).
public struct FuncLogConfig: Hashable, Sendable {
    /// The group's name.
    public let groupName: String?
    /// The group's id.
    public let groupID: String?
    /// The stream's name.
    public let streamName: String?
    /// The stream's id.
    public let streamID: String?

    /// The group and stream that come into being when logging is switched on without any. Their names begin as
    /// the user manual says.
    ///
    /// - Parameter stream: the id of a new stream.
    public init(generatedFor function: FunctionName, in project: ProjectID, stream: Identifier) {
        groupName = "functiongraph.log.group.\(project)"
        // One group per project, so its id can follow from the project's.
        groupID = "functiongraph-\(project)"
        streamName = "\(function)-\(stream.description.prefix(8))"
        streamID = stream.description
    }
}

extension FuncLogConfig: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        let object = try json.object(of: setting)
        groupName = try object.text("group_name", in: setting)
        groupID = try object.text("group_id", in: setting)
        streamName = try object.text("stream_name", in: setting)
        streamID = try object.text("stream_id", in: setting)
    }

    var json: JSONValue {
        .object(
            JSONObject(present: [
                "group_name": groupName, "group_id": groupID, "stream_name": streamName,
                "stream_id": streamID,
            ])
        )
    }
}
