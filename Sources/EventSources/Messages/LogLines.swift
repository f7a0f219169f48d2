import FunctionGraph
import FunctionStore
import JSON
import Triggers

/// Lines of a stream of LTS.
struct LogLines: SourceMessages {
    private struct Line {
        let message: String
        let time: Timestamp?
        let host: String
        let address: String
        let path: String
        let id: String?
        let number: Int?
    }

    private let owner: String?
    private let group: String
    private let stream: String
    private let lines: [Line]

    /// A line is its text, or an object as in the event.
    init(_ body: JSONObject, of type: TriggerType) throws(FGSError) {
        owner = try body.string("owner")
        group = try body.requiredString("log_group_id")
        stream = try body.requiredString("log_topic_id")
        var lines: [Line] = []
        for member in try body.list("logs") {
            let line = member.stringValue == nil ? try member.member(of: "logs") : ["message": member]
            guard let message = try line.string("message") else {
                throw FGSError(.invalidParameter, "logs has a member without message")
            }
            lines.append(
                Line(
                    message: message, time: try line.time("time"), host: try line.string("host_name") ?? "",
                    address: try line.string("ip") ?? "127.0.0.1", path: try line.string("path") ?? "",
                    id: try line.string("log_uid"), number: try line.count("line_no")))
        }
        self.lines = lines
    }

    static func suggestions(of data: JSONObject, _ type: TriggerType) -> JSONObject {
        data.members("log_group_id", "log_topic_id").completed(by: ["logs": [""]])
    }

    func concern(_ data: JSONObject) -> Bool {
        data.dataText("log_group_id") == group && data.dataText("log_topic_id") == stream
    }

    func events(for bound: FunctionStore.BoundTrigger, in context: SourceContext) -> [SourceEvent] {
        LTSEvent.events(
            of: lines.enumerated().map { number, line in
                LTSEvent.Line(
                    message: line.message, time: line.time ?? context.time, host: line.host,
                    address: line.address, path: line.path, id: line.id ?? context.id,
                    number: line.number ?? number + 1)
            }, owner: owner ?? context.account, group: group, stream: stream
        ).map { SourceEvent($0) }
    }
}
