import FunctionGraph
import JSON

/// Instances that are kept running.
enum ReservedInstancesOperations {
    private static let urn = QueryParameter("urn", "only those of this function, version or alias")

    static let routes = [
        Route(
            "R-1", .get, Route.Path.functions + "/reservedinstanceconfigs", "List reserved instances",
            query: [QueryParameter("function_urn", "as urn"), urn, .marker, .limit],
            answer: "ReservedPolicyList",
            .controlPlane(policies)),
        Route(
            "R-2", .put, Route.Path.function + "/reservedinstances",
            "Reserve instances of a version or an alias",
            body: "ReservedInstances", answer: "ReservedInstances", .controlPlane(set)),
        Route(
            "R-3", .get, Route.Path.functions + "/reservedinstances",
            "List the numbers of reserved instances",
            query: [urn, .marker, .limit], answer: "ReservedNumberList", .controlPlane(numbers)),
    ]

    static func set(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let reserved = try ReservedInstances(request.object(), of: request.urn)
        try plane.store.set(reserved, at: plane.clock.now())
        return .object(reserved.confirmation)
    }

    static func policies(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let (found, page) = try find(request, plane, standard: 100, maximum: 500)
        return .json([
            "reserved_instances": .array(found.page.map { .object($0.policy) }),
            "page_info": page.information(count: found.page.count), "count": .integer(found.total),
        ])
    }

    /// Under both names of the list that clients look for.
    static func numbers(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let (found, page) = try find(request, plane, standard: 400, maximum: 400)
        let numbers = JSONValue.array(found.page.map { .object($0.number) })
        return .json([
            "reservedinstances": numbers, "reserved_instances": numbers,
            "page_info": page.information(count: found.page.count), "count": .integer(found.total),
        ])
    }

    private static func find(
        _ request: APIRequest, _ plane: ControlPlane, standard: Int, maximum: Int
    ) throws -> (found: (page: [ReservedInstances], total: Int), page: Page) {
        let page = try Page(
            marker: request.query("marker"), size: request.query("limit"), standard: standard,
            maximum: maximum)
        let project = try request.project
        let text = request.nonEmptyQuery("function_urn") ?? request.nonEmptyQuery("urn")
        let urn = try text.map { text throws(FGSError) in
            try FunctionURN(text, in: project, region: request.region)
        }
        return (
            try plane.store.reservedInstances(in: project, region: request.region, of: urn, page), page
        )
    }
}
