import FunctionGraph
import FunctionStore
import JSON
import Triggers

/// A trace of CTS: an operation on a resource of a service.
struct OperationTraces: SourceMessages {
    private let service: String
    private let resource: String
    private let operation: String
    private let body: JSONObject

    /// The members of a trace are those of its event; all but what it is about may be left out.
    init(_ body: JSONObject, of type: TriggerType) throws(FGSError) {
        service = try body.requiredString("service_type")
        resource = try body.requiredString("resource_type")
        operation = try body.requiredString("trace_name")
        for key in ["resource_name", "resource_id", "source_ip", "trace_id", "trace_rating", "trace_status"] {
            _ = try body.string(key)
        }
        for key in ["time", "record_time", "code"] { _ = try body.count(key) }
        if let user = body["user"], user.objectValue == nil {
            throw FGSError(.invalidParameter, "user must be an object")
        }
        self.body = body
    }

    static func suggestions(of data: JSONObject, _ type: TriggerType) -> JSONObject {
        guard let first = data.dataTexts("operations").first.map(Self.fields) else { return [:] }
        return [
            "service_type": .string(first.service), "resource_type": .string(first.resources.first ?? ""),
            "trace_name": .string(first.operations.first ?? ""),
        ]
    }

    func concern(_ data: JSONObject) -> Bool {
        data.dataTexts("operations").map(Self.fields).contains { wanted in
            wanted.service.uppercased() == service.uppercased() && wanted.resources.contains(resource)
                && wanted.operations.contains(operation)
        }
    }

    func events(for bound: FunctionStore.BoundTrigger, in context: SourceContext) -> [SourceEvent] {
        [
            SourceEvent(
                CTSEvent(
                    id: context.id, operation: operation,
                    on: CTSEvent.Resource(service: service, type: resource, name: "", id: ""),
                    by: CTSEvent.User(
                        name: "emulator", id: context.account, domainName: "emulator",
                        domainID: context.account),
                    project: bound.target.project.description, client: "127.0.0.1", time: context.time,
                    recorded: context.time, details: body))
        ]
    }

    /// `ECS:server;disk:createServer;deleteServer`, taken apart.
    private static func fields(
        _ operations: String
    ) -> (service: String, resources: [String], operations: [String]) {
        let fields = operations.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 3 else { return ("", [], []) }
        return (
            fields[0], fields[1].split(separator: ";").map(String.init),
            fields[2].split(separator: ";").map(String.init)
        )
    }
}
