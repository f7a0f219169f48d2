import Foundation
import FunctionGraph
import JSON

/// Lines of a stream of logs (runtime guide, "LTS").
public struct LTSEvent: TriggerEvent {
    /// How many bytes the lines of one event may have, as JSON (user manual: 75 KB).
    public static let maximumSize = 75 * 1_024

    /// A line of a log.
    public struct Line: Sendable {
        /// The text.
        public let message: String
        /// When it was written.
        public let time: Timestamp
        /// The name of the host it is from.
        public let host: String
        /// The address of that host.
        public let address: String
        /// The file it stood in.
        public let path: String
        /// Its id.
        public let id: String
        /// Its number in the file.
        public let number: Int

        /// A line.
        public init(
            message: String,
            time: Timestamp,
            host: String,
            address: String,
            path: String,
            id: String,
            number: Int
        ) {
            self.message = message
            self.time = time
            self.host = host
            self.address = address
            self.path = path
            self.id = id
            self.number = number
        }

        fileprivate var json: JSONValue {
            [
                "message": .string(message),
                "time": .integer(time.milliseconds),
                "host_name": .string(host),
                "ip": .string(address),
                "path": .string(path),
                "log_uid": .string(id),
                "line_no": .integer(number),
            ]
        }
    }

    /// The lines.
    public let lines: [Line]
    /// The id of the account.
    public let owner: String
    /// The id of the stream's group.
    public let group: String
    /// The id of the stream.
    public let stream: String

    /// An event of some lines.
    public init(_ lines: [Line], owner: String, group: String, stream: String) {
        self.lines = lines
        self.owner = owner
        self.group = group
        self.stream = stream
    }

    /// The events of many lines: as many at a time as `maximumSize` allows. A line that is larger than that has an
    /// event of its own.
    public static func events(of lines: [Line], owner: String, group: String, stream: String) -> [LTSEvent] {
        var parts: [[Line]] = []
        var size = maximumSize
        for line in lines {
            // A comma or a bracket comes before each line, and a bracket behind the last.
            let added = line.json.bytes.count + 1
            if size + added + 1 > maximumSize {
                parts.append([])
                size = 0
            }
            parts[parts.count - 1].append(line)
            size += added
        }
        return parts.map { LTSEvent($0, owner: owner, group: group, stream: stream) }
    }

    /// The event: Base64 of a JSON text, in which the lines are a JSON text again.
    public var json: JSONObject {
        let data: JSONValue = [
            "logs": .string(JSONValue.array(lines.map(\.json)).text),
            "owner": .string(owner),
            "log_group_id": .string(group),
            "log_topic_id": .string(stream),
        ]
        return ["lts": ["data": .string(Data(data.bytes).base64EncodedString())]]
    }
}
