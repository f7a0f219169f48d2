import FunctionGraph
import GRDB

extension FunctionStore {
    /// What happened to one function's invocations in one minute.
    public struct MinuteMetrics: Sendable {
        /// The function's id.
        public let functionID: String
        /// Its project.
        public let project: ProjectID
        /// When the minute began.
        public let minute: Timestamp
        /// What happened.
        public let bucket: MetricsBucket

        /// Names what happened.
        public init(functionID: String, project: ProjectID, minute: Timestamp, bucket: MetricsBucket) {
            self.functionID = functionID
            self.project = project
            self.minute = minute
            self.bucket = bucket
        }
    }

    /// Adds what has happened lately.
    public func add(_ metrics: [MinuteMetrics]) throws {
        guard !metrics.isEmpty else { return }
        try database.write { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (func_id, minute) DO UPDATE SET
                        count = count + excluded.count,
                        function_errors = function_errors + excluded.function_errors,
                        system_errors = system_errors + excluded.system_errors,
                        rejects = rejects + excluded.rejects, runs = runs + excluded.runs,
                        total_us = total_us + excluded.total_us, min_us = MIN(min_us, excluded.min_us),
                        max_us = MAX(max_us, excluded.max_us), concurrency = MAX(concurrency, excluded.concurrency),
                        reserved = MAX(reserved, excluded.reserved), mb_ms = mb_ms + excluded.mb_ms
                    """)
            for item in metrics {
                let bucket = item.bucket
                try statement.execute(arguments: [
                    item.functionID, item.minute.milliseconds, item.project.description, bucket.count,
                    bucket.functionErrors, bucket.systemErrors, bucket.rejects, bucket.runs,
                    bucket.totalMicroseconds, bucket.minimumMicroseconds, bucket.maximumMicroseconds,
                    bucket.concurrency, bucket.reservedInstances, bucket.megabyteMilliseconds,
                ])
            }
        }
    }

    /// Forgets what happened before a time.
    public func pruneMetrics(before time: Timestamp) throws {
        try database.write { database in
            // By project, so that the index finds them; which projects there are it tells by one look for each.
            try database.execute(
                sql: """
                    WITH RECURSIVE projects (project) AS (
                        SELECT MIN(project) FROM metrics
                        UNION ALL
                        SELECT (SELECT MIN(project) FROM metrics WHERE project > projects.project) FROM projects
                        WHERE project IS NOT NULL
                    )
                    DELETE FROM metrics WHERE project IN (SELECT project FROM projects) AND minute < ?
                    """, arguments: [time.milliseconds])
        }
    }

    /// What happened to a function's invocations, by minute.
    public func metrics(
        ofFunction id: Identifier, in period: StatisticsPeriod
    ) throws -> [(minute: Timestamp, bucket: MetricsBucket)] {
        try metrics("func_id = ?", id.description, in: period)
    }

    /// What happened to a project's invocations, by minute.
    public func metrics(
        of project: ProjectID, in period: StatisticsPeriod
    ) throws -> [(minute: Timestamp, bucket: MetricsBucket)] {
        try metrics("project = ?", project.description, in: period)
    }

    /// What a project used, by month, from the month of `start` on.
    public func monthlyUse(of project: ProjectID, since start: Timestamp) throws -> [MonthlyUse] {
        try database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT strftime('%Y-%m', minute / 1000, 'unixepoch') AS month, SUM(count) AS count,
                        SUM(mb_ms) AS mb_ms
                    FROM metrics WHERE project = ? AND minute >= ? GROUP BY month ORDER BY month
                    """,
                arguments: [project.description, start.milliseconds]
            ).map { row in
                MonthlyUse(
                    month: row["month"], count: row["count"],
                    gigabyteSeconds: Double(row["mb_ms"] as Int64) / 1_024 / 1_000)
            }
        }
    }

    private func metrics(
        _ condition: String, _ key: String, in period: StatisticsPeriod
    ) throws -> [(minute: Timestamp, bucket: MetricsBucket)] {
        try database.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM metrics WHERE \(condition) AND minute >= ? AND minute < ?",
                arguments: [key, period.start.milliseconds, period.end.milliseconds]
            ).map { (Timestamp(milliseconds: $0["minute"]), Self.bucket($0)) }
        }
    }

    private static func bucket(_ row: Row) -> MetricsBucket {
        var bucket = MetricsBucket()
        bucket.count = row["count"]
        bucket.functionErrors = row["function_errors"]
        bucket.systemErrors = row["system_errors"]
        bucket.rejects = row["rejects"]
        bucket.runs = row["runs"]
        bucket.totalMicroseconds = row["total_us"]
        bucket.minimumMicroseconds = row["min_us"]
        bucket.maximumMicroseconds = row["max_us"]
        bucket.concurrency = row["concurrency"]
        bucket.reservedInstances = row["reserved"]
        bucket.megabyteMilliseconds = row["mb_ms"]
        return bucket
    }
}
