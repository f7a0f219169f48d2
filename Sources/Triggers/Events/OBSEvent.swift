import FunctionGraph
import JSON

/// A notification about an object of a bucket (runtime guide, "OBS").
public struct OBSEvent: TriggerEvent {
    /// The bucket.
    public struct Bucket: Sendable {
        /// Its name.
        public let name: String
        /// The id of the account that owns it.
        public let owner: String

        /// Names a bucket.
        public init(name: String, owner: String) {
            self.name = name
            self.owner = owner
        }
    }

    /// The object.
    public struct Object: Sendable {
        /// Its name, not encoded.
        public let key: String
        /// Its size in bytes. Events of removals do not tell it.
        public let size: Int
        /// The MD5 of its content. Events of removals do not tell it.
        public let eTag: String
        /// Its version; `null` in buckets that keep none.
        public let versionID: String

        /// Describes an object.
        public init(key: String, size: Int = 0, eTag: String = "", versionID: String = "null") {
            self.key = key
            self.size = size
            self.eTag = eTag
            self.versionID = versionID
        }
    }

    /// The request that changed the object.
    public struct Request: Sendable {
        /// Its id.
        public let id: String
        /// Its second id, which helps the service to find it.
        public let extendedID: String
        /// The id of the user who made it.
        public let user: String
        /// The address it came from.
        public let client: String

        /// Describes a request.
        public init(id: String, extendedID: String, user: String, client: String) {
            self.id = id
            self.extendedID = extendedID
            self.user = user
            self.client = client
        }
    }

    /// What happened.
    public let action: ObjectAction
    /// The bucket.
    public let bucket: Bucket
    /// The object.
    public let object: Object
    /// The request.
    public let request: Request
    /// The id of the bucket's notification: the trigger's name, or its id.
    public let configurationID: String
    /// Which of two events of one object came later: the one with the greater number.
    public let sequence: UInt64
    /// The region.
    public let region: String
    /// When it happened.
    public let time: Timestamp

    /// A notification.
    public init(
        _ action: ObjectAction,
        of object: Object,
        in bucket: Bucket,
        by request: Request,
        configurationID: String,
        sequence: UInt64,
        region: String,
        time: Timestamp
    ) {
        self.action = action
        self.object = object
        self.bucket = bucket
        self.request = request
        self.configurationID = configurationID
        self.sequence = sequence
        self.region = region
        self.time = time
    }

    /// The event.
    public var json: JSONObject {
        [
            "Records": [
                [
                    "eventVersion": "2.0",
                    "eventSource": "aws:s3",
                    "awsRegion": .string(region),
                    "eventTime": .string(time.utcMilliseconds),
                    "eventName": .string(action.rawValue),
                    "userIdentity": ["principalId": .string(request.user)],
                    "requestParameters": ["sourceIPAddress": .string(request.client)],
                    "responseElements": [
                        "x-amz-request-id": .string(request.id), "x-amz-id-2": .string(request.extendedID),
                    ],
                    "s3": [
                        "s3SchemaVersion": "1.0",
                        "configurationId": .string(configurationID),
                        "bucket": [
                            "name": .string(bucket.name),
                            "arn": .string("arn:aws:s3:::\(bucket.name)"),
                            "ownerIdentity": ["PrincipalId": .string(bucket.owner)],
                        ],
                        "object": .object(objectMembers),
                    ],
                ]
            ]
        ]
    }

    private var objectMembers: JSONObject {
        var members: JSONObject = ["key": .string(Self.encoded(object.key))]
        if !action.isRemoval {
            members["eTag"] = .string(object.eTag)
            members["size"] = .integer(object.size)
        }
        members["versionId"] = .string(object.versionID)
        members["sequencer"] = .string(Self.hexadecimal(sequence, digits: 32))
        return members
    }

    /// As in forms: a blank is a plus sign, and a slash is encoded too.
    private static func encoded(_ key: String) -> String {
        key.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(Unicode.Scalar(byte))
            case UInt8(ascii: " "): "+"
            default: "%" + hexadecimal(UInt64(byte), digits: 2)
            }
        }.joined()
    }

    private static func hexadecimal(_ number: UInt64, digits: Int) -> String {
        let text = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
