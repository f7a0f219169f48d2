import Foundation
import FunctionGraph
import FunctionStore
import JSON
import Triggers

/// Records of a stream of DIS.
struct StreamRecords: SourceMessages {
    private struct Record {
        let partitionKey: String
        let data: [UInt8]
        let sequenceNumber: Int?
    }

    private let stream: String
    private let partition: Int
    private let cursor: String?
    private let records: [Record]

    /// The content of a record is in Base64, as DIS itself has it.
    init(_ body: JSONObject, of type: TriggerType) throws(FGSError) {
        stream = try body.requiredString("stream_name")
        partition = try body.count("partition") ?? 0
        cursor = try body.string("next_partition_cursor")
        var records: [Record] = []
        for member in try body.list("records") {
            let record = try member.member(of: "records")
            guard let data = try record.string("data").flatMap({ Data(base64Encoded: $0) }) else {
                throw FGSError(.invalidParameter, "data of a record must be Base64")
            }
            records.append(
                Record(
                    partitionKey: try record.string("partition_key") ?? "", data: Array(data),
                    sequenceNumber: try record.count("sequence_number")))
        }
        self.records = records
    }

    static func suggestions(of data: JSONObject, _ type: TriggerType) -> JSONObject {
        let stream = data.dataText("stream_name")
        return ["stream_name": .string(stream.isEmpty ? "any" : stream), "records": [["data": ""]]]
    }

    func concern(_ data: JSONObject) -> Bool { data.dataText("stream_name") == stream }

    func events(for bound: FunctionStore.BoundTrigger, in context: SourceContext) -> [SourceEvent] {
        let first = Int(truncatingIfNeeded: context.sequence & 0xFFFF_FFFF_FFFF)
        return DISEvent.events(
            of: records.enumerated().map { number, record in
                DISEvent.Record(
                    partitionKey: record.partitionKey, data: record.data,
                    sequenceNumber: record.sequenceNumber ?? first + number)
            }, batchSize: bound.trigger.data["batch_size"]?.integerValue ?? records.count, stream: stream,
            partition: partition, nextCursor: cursor ?? context.compactID, tag: Self.tag(bound.target)
        ).map { SourceEvent($0) }
    }

    /// The version of the function, or its alias, by its bare name.
    private static func tag(_ target: FunctionURN) -> String {
        let name = target.description.split(separator: ":").dropFirst(7).first ?? "latest"
        return String(name.drop { $0 == "!" })
    }
}
