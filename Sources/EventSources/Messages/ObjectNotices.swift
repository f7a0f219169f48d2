import FunctionGraph
import FunctionStore
import JSON
import Triggers

/// What happened to an object of an OBS bucket.
struct ObjectNotices: SourceMessages {
    private let bucket: String
    private let object: OBSEvent.Object
    private let action: ObjectAction

    init(_ body: JSONObject, of type: TriggerType) throws(FGSError) {
        bucket = try body.requiredString("bucket")
        object = OBSEvent.Object(
            key: try body.requiredString("key"), size: try body.count("size") ?? 0,
            // That of nothing.
            eTag: try body.string("eTag") ?? "d41d8cd98f00b204e9800998ecf8427e",
            versionID: try body.string("versionId") ?? "null")
        guard object.key.utf8.count <= 1_024 else {
            throw FGSError(
                .invalidParameter, "key has \(object.key.utf8.count) bytes; at most 1024 are allowed")
        }
        let name = try body.string("event_name") ?? ObjectAction.put.rawValue
        guard let action = ObjectAction(rawValue: name.hasPrefix("s3:") ? String(name.dropFirst(3)) : name)
        else {
            throw FGSError(
                .invalidParameter,
                "event_name must be one of "
                    + ObjectAction.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.action = action
    }

    init(_ action: ObjectAction, of object: OBSEvent.Object, in bucket: String) {
        self.action = action
        self.object = object
        self.bucket = bucket
    }

    static func suggestions(of data: JSONObject, _ type: TriggerType) -> JSONObject {
        let action =
            (try? BucketNotification(data))?.actions.min { $0.rawValue < $1.rawValue } ?? .put
        return [
            "bucket": .string(data.dataText("bucket")),
            "key": .string("\(data.dataText("prefix"))object\(data.dataText("suffix"))"),
            "event_name": .string((action == .completeMultipartUpload ? .put : action).rawValue),
        ]
    }

    func concern(_ data: JSONObject) -> Bool {
        data.dataText("bucket") == bucket
            && (try? BucketNotification(data))?.reports(action, of: object.key) ?? false
    }

    func events(for bound: FunctionStore.BoundTrigger, in context: SourceContext) -> [SourceEvent] {
        [
            SourceEvent(
                OBSEvent(
                    action, of: object, in: OBSEvent.Bucket(name: bucket, owner: context.account),
                    by: OBSEvent.Request(
                        id: context.bucketRequestID, extendedID: context.compactID, user: context.account,
                        client: "127.0.0.1"),
                    configurationID: bound.trigger.data["name"]?.stringValue
                        ?? bound.trigger.id.description,
                    sequence: context.sequence, region: context.region, time: context.time))
        ]
    }
}
