import FunctionGraph
import JSON

/// What ran, in figures (M-1, M-2).
enum StatisticsOperations {
    static let routes = [
        Route(
            "M-1", .get, Route.Path.functions + "/statistics", "Show the figures of the project",
            query: [
                QueryParameter("filter", "monitor_data or monthly_report"),
                QueryParameter("period", "how many minutes back", isNumber: true),
                QueryParameter("option", "0 this month, 1 the last, 2 the last three, 3 the last six"),
                .limit, .marker,
            ], answer: "ProjectStatistics", .record(project)),
        Route(
            "M-2", .get, Route.Path.function + "/statistics/{period}", "Show the figures of a function",
            answer: "FunctionMetrics", .record(function)),
    ]

    /// `GET …/functions/statistics`: with every member that one of the clients looks for.
    static func project(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        guard let filter = request.query("filter"), ["monitor_data", "monthly_report"].contains(filter) else {
            throw FGSError(.invalidParameter, "filter must be monitor_data or monthly_report")
        }
        let project = try request.project
        let now = plane.clock.now()
        let minutes = request.nonEmptyQuery("period").map { Int64($0) } ?? 60
        guard let minutes, 1...5_256_000 ~= minutes else {
            throw FGSError(.invalidQueryParameter, "period must be a number of minutes")
        }
        let period = StatisticsPeriod(from: now.advanced(byMilliseconds: -minutes * 60_000), to: now)
        let metrics = JSONValue.object(
            FunctionMetrics(try plane.store.metrics(of: project, in: period), in: period).body)
        let use = try plane.store.monthlyUse(of: project, since: firstMonth(request.query("option"), now))
            .filter { $0.month != now.month || request.query("option") != "1" }
        let report: JSONObject = [
            "count": .array(use.map(\.countItem)), "gbs": .array(use.map(\.memoryItem)), "gpu_gbs": [],
        ]
        var body = report
        body["statistics"] = metrics
        body["monitor_data"] = metrics
        body["monthly_report"] = .object(report)
        return .object(body)
    }

    /// `GET …/statistics/{period}`: the figures, and copies under the keys that the Python SDK remembers from M-1.
    static func function(_ request: APIRequest, _ plane: ControlPlane) throws -> APIResponse {
        let period = try StatisticsPeriod(request.parameters[2], now: plane.clock.now())
        let function = try plane.store.function(request.urn)
        let metrics = FunctionMetrics(
            try plane.store.metrics(ofFunction: function.id, in: period), in: period
        ).body
        var body = metrics
        body["monitor_data"] = .object(metrics)
        body["monthly_report"] = .object(metrics)
        return .object(body)
    }

    /// The beginning of the first month that a report shows.
    private static func firstMonth(_ option: String?, _ now: Timestamp) -> Timestamp {
        let months = ["1": 1, "2": 2, "3": 5][option ?? "0"] ?? 0
        return now.startOfMonth(monthsAgo: months)
    }
}
