import FunctionGraph
import JSON

/// What a project may use, and uses.
enum QuotaOperations {
    static let routes = [
        Route(
            "Q-1", .get, "/v2/{project_id}/fgs/quotas", "Show the quotas of the project", answer: "Quotas",
            .controlPlane(list))
    ]

    static func list(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let project = try request.project
        let resources = try ProjectQuota.allCases.map { quota in
            quota.json(limit: plane.store.limits[quota], used: try plane.store.used(quota, in: project))
        }
        return .json(["quotas": ["resources": .array(resources)]])
    }
}
