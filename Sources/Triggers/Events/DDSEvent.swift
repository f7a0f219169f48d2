import FunctionGraph
import JSON

/// Changes of a collection (runtime guide, "DDS").
public struct DDSEvent: TriggerEvent {
    /// The change of one document.
    public struct Change: Sendable {
        /// What was done: `insert`, `update`, `replace` or `delete`.
        public let operation: String
        /// The document after that; `null` if it is gone.
        public let document: JSONValue
        /// Where the stream of changes can be taken up again.
        public let token: String

        /// A change.
        public init(operation: String, document: JSONValue, token: String) {
            self.operation = operation
            self.document = document
            self.token = token
        }
    }

    /// The changes.
    public let changes: [Change]
    /// The collection's database.
    public let database: String
    /// The collection.
    public let collection: String
    /// The id of the instance of the service.
    public let instance: String
    /// The region.
    public let region: String

    /// An event of some changes.
    public init(_ changes: [Change], database: String, collection: String, instance: String, region: String) {
        self.changes = changes
        self.database = database
        self.collection = collection
        self.instance = instance
        self.region = region
    }

    /// The events of many changes: so many at a time as the trigger's `batch_size` says.
    public static func events(
        of changes: [Change],
        batchSize: Int,
        database: String,
        collection: String,
        instance: String,
        region: String
    ) -> [DDSEvent] {
        changes.batches(of: batchSize).map {
            DDSEvent($0, database: database, collection: collection, instance: instance, region: region)
        }
    }

    /// The event. What comes from the database stands in it as JSON text.
    public var json: JSONObject { ["records": .array(changes.map(record))] }

    private func record(of change: Change) -> JSONValue {
        let document = change.document.spacedText
        return [
            "event_source": "dds",
            "event_name": .string(change.operation),
            "event_version": "1.0",
            "region": .string(region),
            "event_source_id": .string(instance),
            "dds": [
                "size_bytes": .string(String(document.utf8.count)),
                "token": .string((["_data": .string(change.token)] as JSONValue).spacedText),
                "full_document": .string(document),
                // No blank after this comma: the service writes it so.
                "ns": .string(
                    #"{"db": \#(JSONValue.string(database).text),"coll": \#(JSONValue.string(collection).text)}"#
                ),
            ],
        ]
    }
}
