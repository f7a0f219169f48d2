import FunctionGraph
import JSON

/// A trace of an operation on a resource of another service (runtime guide, "CTS").
public struct CTSEvent: TriggerEvent {
    /// Who did it.
    public struct User: Sendable {
        /// The user's name.
        public let name: String
        /// The user's id.
        public let id: String
        /// The name of the user's account.
        public let domainName: String
        /// The id of the user's account.
        public let domainID: String

        /// Names a user.
        public init(name: String, id: String, domainName: String, domainID: String) {
            self.name = name
            self.id = id
            self.domainName = domainName
            self.domainID = domainID
        }
    }

    /// What it was done to.
    public struct Resource: Sendable {
        /// The service, `ECS` for example.
        public let service: String
        /// The kind of resource, `ecs` for example.
        public let type: String
        /// Its name.
        public let name: String
        /// Its id.
        public let id: String

        /// Names a resource.
        public init(service: String, type: String, name: String, id: String) {
            self.service = service
            self.type = type
            self.name = name
            self.id = id
        }
    }

    /// The trace's id.
    public let id: String
    /// The operation, `stopServer` for example.
    public let operation: String
    /// Who did it.
    public let user: User
    /// What it was done to.
    public let resource: Resource
    /// The project.
    public let project: String
    /// The address the request came from.
    public let client: String
    /// When it was done.
    public let time: Timestamp
    /// When it was recorded.
    public let recorded: Timestamp
    /// Members that traces of only some services have, and other values for any that is there.
    public let details: JSONObject

    /// A trace.
    public init(
        id: String,
        operation: String,
        on resource: Resource,
        by user: User,
        project: String,
        client: String,
        time: Timestamp,
        recorded: Timestamp,
        details: JSONObject = [:]
    ) {
        self.id = id
        self.operation = operation
        self.resource = resource
        self.user = user
        self.project = project
        self.client = client
        self.time = time
        self.recorded = recorded
        self.details = details
    }

    /// The event. Times are in milliseconds.
    public var json: JSONObject {
        var trace: JSONObject = [
            "time": .integer(time.milliseconds),
            "record_time": .integer(recorded.milliseconds),
            "user": [
                "name": .string(user.name),
                "id": .string(user.id),
                "domain": ["name": .string(user.domainName), "id": .string(user.domainID)],
            ],
            "request": [:],
            "response": [:],
            "code": 200,
            "service_type": .string(resource.service),
            "resource_type": .string(resource.type),
            "resource_name": .string(resource.name),
            "resource_id": .string(resource.id),
            "source_ip": .string(client),
            "domain_id": .string(user.domainID),
            "project_id": .string(project),
            // Named like the operation, but as a type is.
            "operation_id": .string(operation.prefix(1).uppercased() + operation.dropFirst()),
            "message": "",
            "read_only": false,
            "resource_account_id": "",
            "api_version": "",
            "trace_id": .string(id),
            "trace_name": .string(operation),
            "trace_rating": "normal",
            "trace_status": "normal",
            "trace_type": "ConsoleAction",
        ]
        for (name, value) in details { trace[name] = value }
        return ["cts": .object(trace)]
    }
}
