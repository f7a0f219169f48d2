import JSON

extension TriggerRules {
    /// CTS: operations on resources of other services. The names of a function's notifications are all different.
    static let cts = push(
        members: [
            .required("name", .name, missing: .notificationNameRequired),
            .required("operations", .texts, missing: .operationResourceRequired),
        ],
        check: { data throws(FGSError) in try checkOperations(data.strings("operations")) },
        identity: .name(.triggerNameExists)
    )

    /// How many resources the operations of a trigger may name (API reference, FSS.1313).
    private static let maximumResourceCount = 100

    /// Each text is a service, its resources and their operations: `ECS:ecs:createServer;deleteServer`.
    private static func checkOperations(_ operations: [String]) throws(FGSError) {
        var resources: [String] = []
        for operation in operations {
            let fields = operation.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3, fields.allSatisfy({ !$0.isEmpty }) else {
                throw FGSError(
                    .invalidParameter,
                    "event_data.operations has '\(operation.prefix(80))'; expected service:resource[;…]:operation[;…]"
                )
            }
            resources += fields[1].split(separator: ";").map { "\(fields[0]):\($0)" }
        }
        guard resources.count <= maximumResourceCount else {
            throw FGSError(
                .tooManyOperationResources,
                "event_data.operations names \(resources.count) resources; at most \(maximumResourceCount) are allowed"
            )
        }
        var seen: Set<String> = []
        for resource in resources where !seen.insert(resource).inserted {
            throw FGSError(
                .operationResourceDuplicated,
                "event_data.operations names the resource '\(resource)' twice"
            )
        }
    }
}
