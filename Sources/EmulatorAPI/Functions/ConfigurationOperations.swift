import FunctionGraph
import JSON

/// The settings of a function (F-6 to F-8).
enum ConfigurationOperations {
    static let routes = [
        Route(
            "F-6", .get, Route.Path.function + "/config", "Show the settings of a function",
            answer: "Function", .show(.configuration)),
        Route(
            "F-7", .put, Route.Path.function + "/config", "Change settings of a function",
            body: "FunctionSettings", answer: "Function", .controlPlane(update)),
        Route(
            "F-8", .put, Route.Path.function + "/config-max-instance",
            "Change the most instances of a function",
            body: "MaximumInstances", answer: "Function", .controlPlane(updateMaximumInstances)),
    ]

    /// `PUT …/config`: what the body does not name stays.
    static func update(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let body = try request.object()
        let urn = try request.urn
        if let name = body["func_name"]?.stringValue, !name.isEmpty, name != urn.name.description {
            throw FGSError(
                .invalidFunctionName,
                "func_name is '\(name.prefix(80))', but the URN names \(urn.name): a function cannot be renamed"
            )
        }
        let stream = plane.identifier
        let changed = try change(urn, plane) { configuration throws(FGSError) in
            try configuration.merging(body).withGeneratedLogConfig(
                for: urn.name, in: urn.project, stream: stream)
        }
        return .object(plane.body(.updated, changed))
    }

    /// `PUT …/config-max-instance`: 0 disables the function.
    static func updateMaximumInstances(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let body = try request.object()
        let changed = try change(request.urn, plane) { configuration throws(FGSError) in
            try configuration.mergingMaximumInstances(body)
        }
        return .object(plane.body(.maximumInstances, changed))
    }

    private static func change(
        _ urn: FunctionURN, _ plane: ControlPlane,
        _ change: (FunctionConfiguration) throws(FGSError) -> FunctionConfiguration
    ) throws -> FunctionDetail {
        try plane.store.update(urn) { function in
            let configuration = try change(function.configuration)
            guard configuration != function.configuration else { return function }
            return function.with(configuration: configuration, at: plane.clock.now(), random: plane.random)
        }
    }
}
