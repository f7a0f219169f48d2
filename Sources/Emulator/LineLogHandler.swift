import FunctionGraph
import JSON
import Logging
import Timekeeping

/// Turns log events into lines of text or JSON.
public struct LineLogHandler: LogHandler {
    /// See swift-log.
    public var logLevel: Logger.Level
    /// See swift-log.
    public var metadata: Logger.Metadata = [:]

    private let format: LogFormat
    private let sink: LogSink

    /// A handler whose lines go to `sink`.
    public init(level: Logger.Level, format: LogFormat, sink: LogSink) {
        logLevel = level
        self.format = format
        self.sink = sink
    }

    /// See swift-log.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// See swift-log.
    public func log(event: LogEvent) {
        let (level, message) = (event.level, event.message)
        let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        var bytes: [UInt8] = []
        switch format {
        case .text:
            let name = level.rawValue.uppercased()
            let padding = String(repeating: " ", count: max(0, 7 - name.count))
            bytes.append(
                contentsOf: "\(Clock.systemTime().utcMilliseconds) \(name)\(padding) \(message)".utf8)
            for (key, value) in all { bytes.append(contentsOf: " \(key)=\(value)".utf8) }
            Self.removeControlCharacters(from: &bytes)
        case .json:
            var object: JSONObject = [
                "time": .string(Clock.systemTime().utcMilliseconds), "level": .string(level.rawValue),
                "message": .string(message.description),
            ]
            for (key, value) in all where object[key] == nil { object[key] = .string(value.description) }
            bytes = JSONValue.object(object).bytes
        }
        bytes.append(UInt8(ascii: "\n"))
        sink.append(bytes)
    }

    /// What a client sends may stand in a line; it must not begin another one or steer a terminal.
    private static func removeControlCharacters(from bytes: inout [UInt8]) {
        for index in bytes.indices where bytes[index] < 0x20 || bytes[index] == 0x7F {
            bytes[index] = UInt8(ascii: " ")
        }
    }
}
