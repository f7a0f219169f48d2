import FunctionGraph
import JSON

/// The services a client finds here. Every URL begins with the one the client used itself, so that port
/// mappings and container names work.
struct ServiceCatalog {
    let baseURL: String
    let region: String
    let project: ProjectID

    private var services: [(type: String, url: String)] {
        [
            // The Python SDK; it appends the project id itself.
            ("functiongraph", "\(baseURL)/v2"),
            // The Go SDK takes this entry and replaces the service's name in it.
            ("volumev2", "\(baseURL)/v2/\(project)"),
            ("identity", "\(baseURL)/v3"),
        ]
    }

    /// The catalog as Keystone writes it.
    var json: JSONValue {
        .array(
            services.map { service in
                let endpoint: JSONObject = [
                    "id": .string("\(service.type)-\(region)"), "interface": "public",
                    "region": .string(region), "region_id": .string(region), "url": .string(service.url),
                ]
                return [
                    "id": .string(service.type), "name": .string(service.type), "type": .string(service.type),
                    "endpoints": .array([.object(endpoint)]),
                ]
            }
        )
    }
}
