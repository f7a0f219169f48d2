import FunctionGraph

/// Figures in the text format of Prometheus, version 0.0.4.
enum PrometheusText {
    typealias Total = (function: String, bucket: MetricsBucket, instances: Int, running: Int)

    private struct Metric: Sendable {
        let name: String
        let type: String
        let help: String
        let value: @Sendable (Total) -> String
    }

    private static let metrics: [Metric] = [
        Metric(name: "invocations_total", type: "counter", help: "Invocations, refused ones too.") {
            "\($0.bucket.count)"
        },
        Metric(
            name: "function_errors_total", type: "counter", help: "Invocations that failed in the function."
        ) {
            "\($0.bucket.functionErrors)"
        },
        Metric(name: "system_errors_total", type: "counter", help: "Invocations that failed in the platform.")
        {
            "\($0.bucket.systemErrors)"
        },
        Metric(name: "rejections_total", type: "counter", help: "Invocations that were refused.") {
            "\($0.bucket.rejects)"
        },
        Metric(name: "duration_seconds_sum", type: "counter", help: "The time that handlers took, in all.") {
            "\(Double($0.bucket.totalMicroseconds) / 1_000_000)"
        },
        Metric(name: "duration_seconds_count", type: "counter", help: "The invocations that took it.") {
            "\($0.bucket.runs)"
        },
        Metric(name: "duration_seconds_max", type: "gauge", help: "The longest time that a handler took.") {
            "\(Double($0.bucket.maximumMicroseconds) / 1_000_000)"
        },
        Metric(name: "instances", type: "gauge", help: "Instances there are now.") { "\($0.instances)" },
        Metric(name: "running", type: "gauge", help: "Invocations that run now.") { "\($0.running)" },
    ]

    static func make(_ totals: [Total], processes: Int) -> String {
        var text = """
            # HELP fgs_processes Processes that are instances or wait to become one.
            # TYPE fgs_processes gauge
            fgs_processes \(processes)

            """
        for metric in metrics {
            text += "# HELP fgs_\(metric.name) \(metric.help)\n# TYPE fgs_\(metric.name) \(metric.type)\n"
            for total in totals {
                text += "fgs_\(metric.name){function=\"\(total.function)\"} \(metric.value(total))\n"
            }
        }
        return text
    }
}
