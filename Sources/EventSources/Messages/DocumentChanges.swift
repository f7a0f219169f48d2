import FunctionGraph
import FunctionStore
import JSON
import Triggers

/// Changes of a collection of DDS.
struct DocumentChanges: SourceMessages {
    private struct Change {
        let operation: String
        let document: JSONValue
        let token: String?
    }

    private let instance: String?
    private let database: String
    private let collection: String
    private let changes: [Change]

    init(_ body: JSONObject, of type: TriggerType) throws(FGSError) {
        instance = try body.string("instance_id")
        database = try body.requiredString("db_name")
        collection = try body.requiredString("collection_name")
        var changes: [Change] = []
        for member in try body.list("changes") {
            let change = try member.member(of: "changes")
            let operation = try change.string("operation") ?? "insert"
            guard ["insert", "update", "replace", "delete"].contains(operation) else {
                throw FGSError(.invalidParameter, "operation must be insert, update, replace or delete")
            }
            let document = change["document"] ?? .null
            guard document.isNull || document.objectValue != nil else {
                throw FGSError(.invalidParameter, "document must be an object")
            }
            changes.append(
                Change(operation: operation, document: document, token: try change.string("token")))
        }
        self.changes = changes
    }

    static func suggestions(of data: JSONObject, _ type: TriggerType) -> JSONObject {
        data.members("instance_id", "db_name", "collection_name").completed(by: [
            "changes": [["operation": "insert", "document": [:]]]
        ])
    }

    func concern(_ data: JSONObject) -> Bool {
        data.dataText("db_name") == database && data.dataText("collection_name") == collection
            && (instance == nil || data.dataText("instance_id") == instance)
    }

    func events(for bound: FunctionStore.BoundTrigger, in context: SourceContext) -> [SourceEvent] {
        let data = bound.trigger.data
        return DDSEvent.events(
            of: changes.enumerated().map { number, change in
                DDSEvent.Change(
                    operation: change.operation, document: change.document,
                    token: change.token ?? context.bucketRequestID + String(number))
            }, batchSize: data["batch_size"]?.integerValue ?? 1, database: database, collection: collection,
            instance: instance ?? data.object.dataText("instance_id"), region: context.region
        ).map { SourceEvent($0) }
    }
}
