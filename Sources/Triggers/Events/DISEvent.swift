import Foundation
import FunctionGraph
import JSON

/// Records of a partition of a stream. Only older pages of the user manual describe it.
public struct DISEvent: TriggerEvent {
    /// A record.
    public struct Record: Sendable {
        /// What decided on the partition.
        public let partitionKey: String
        /// The content.
        public let data: [UInt8]
        /// The record's place in the partition.
        public let sequenceNumber: Int

        /// A record.
        public init(partitionKey: String, data: [UInt8], sequenceNumber: Int) {
            self.partitionKey = partitionKey
            self.data = data
            self.sequenceNumber = sequenceNumber
        }
    }

    /// The records.
    public let records: [Record]
    /// The stream.
    public let stream: String
    /// The number of the partition.
    public let partition: Int
    /// Where reading goes on.
    public let nextCursor: String
    /// The version of the function, or its alias.
    public let tag: String

    /// An event of some records.
    public init(
        _ records: [Record],
        stream: String,
        partition: Int,
        nextCursor: String,
        tag: String = "latest"
    ) {
        self.records = records
        self.stream = stream
        self.partition = partition
        self.nextCursor = nextCursor
        self.tag = tag
    }

    /// The events of many records: so many at a time as the trigger's `batch_size` says.
    public static func events(
        of records: [Record],
        batchSize: Int,
        stream: String,
        partition: Int,
        nextCursor: String,
        tag: String = "latest"
    ) -> [DISEvent] {
        records.batches(of: batchSize).map {
            DISEvent($0, stream: stream, partition: partition, nextCursor: nextCursor, tag: tag)
        }
    }

    /// The event. Unlike those of other sources, its members begin with capitals.
    public var json: JSONObject {
        let number = String(partition)
        return [
            "ShardID": .string(
                "shardId-" + String(repeating: "0", count: max(0, 10 - number.count)) + number
            ),
            "Message": [
                "next_partition_cursor": .string(nextCursor),
                "records": .array(records.map(json)),
                "millis_behind_latest": "",
            ],
            "Tag": .string(tag),
            "StreamName": .string(stream),
        ]
    }

    private func json(of record: Record) -> JSONValue {
        [
            "partition_key": .string(record.partitionKey),
            "data": .string(Data(record.data).base64EncodedString()),
            "sequence_number": .string(String(record.sequenceNumber)),
        ]
    }
}
