import FunctionGraph
import JSON

/// Templates (T-1).
enum TemplateOperations {
    static let routes = [
        Route(
            "T-1", .get, "/v2/{project_id}/fgs/templates/{template_id}", "Show a template",
            answer: "Template",
            .controlPlane { request, plane in .object(try plane.templates.template(request.parameters[1])) }),
        Route(
            "emulator-templates", .get, "/_emulator/templates", "List the templates", access: .open,
            .controlPlane { _, plane in
                let templates = try plane.templates.all().map { template -> JSONValue in
                    var summary = JSONObject()
                    for key in ["id", "title", "template_name", "runtime", "description"] {
                        summary[key] = template[key]
                    }
                    return .object(summary)
                }
                return .json(["templates": .array(templates)])
            }),
    ]
}
