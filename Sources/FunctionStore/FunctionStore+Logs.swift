import Foundation
import FunctionGraph
import GRDB

extension FunctionStore {
    /// Entries of one function's log, in the order of time.
    public struct LogBatch: Sendable {
        /// The function's URN, without a version.
        public let functionURN: String
        /// Its project.
        public let project: ProjectID
        /// The entries; at least one.
        public var entries: [LogEntry]

        /// Names entries.
        public init(functionURN: String, project: ProjectID, entries: [LogEntry]) {
            self.functionURN = functionURN
            self.project = project
            self.entries = entries
        }
    }

    /// Keeps entries of logs.
    public func add(_ batches: [LogBatch]) throws {
        guard !batches.isEmpty else { return }
        try database.write { database in
            // Not one that is kept for the next time: it would hold on to the megabytes of the last chunk until then.
            let statement = try database.makeStatement(
                sql: """
                    INSERT INTO log_chunks (function_urn, project, first_at, last_at, size, entries)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """)
            for batch in batches {
                guard let first = batch.entries.first, let last = batch.entries.last else { continue }
                let bytes = LogChunk.encode(batch.entries)
                try statement.execute(arguments: [
                    batch.functionURN, batch.project.description, first.time.milliseconds,
                    last.time.milliseconds,
                    bytes.count, Data(bytes),
                ])
            }
        }
    }

    /// The newest entries that a query asks for, in the order of time.
    public func logs(_ query: LogQuery) throws -> [LogEntry] {
        var conditions: [String] = []
        var arguments = StatementArguments()
        func require(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            arguments += [value]
        }
        require("function_urn = ?", query.functionURN)
        require("project = ?", query.project?.description)
        require("last_at >= ?", query.since?.milliseconds)
        require("first_at <= ?", query.until?.milliseconds)
        let clause = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try database.read { database in
            let rows = try Row.fetchCursor(
                database, sql: "SELECT function_urn, entries FROM log_chunks \(clause) ORDER BY id DESC",
                arguments: arguments)
            var found: [LogEntry] = []
            while found.count < query.limit, let row = try rows.next() {
                let entries = LogChunk.decode(Array(row["entries"] as Data), functionURN: row["function_urn"])
                found.append(contentsOf: entries.reversed().filter(query.matches))
            }
            return found.prefix(query.limit).reversed().sorted { $0.time < $1.time }
        }
    }

    /// Forgets entries that are older than a time, and the oldest of functions that have more than a number of
    /// bytes.
    public func pruneLogs(before time: Timestamp, bytesPerFunction limit: Int) throws {
        try database.write { database in
            try database.execute(
                sql: "DELETE FROM log_chunks WHERE last_at < ?", arguments: [time.milliseconds])
            let large = try String.fetchAll(
                database,
                sql: "SELECT function_urn FROM log_chunks GROUP BY function_urn HAVING SUM(size) > ?",
                arguments: [limit])
            for urn in large {
                try database.execute(
                    sql: """
                        DELETE FROM log_chunks WHERE id IN (
                            SELECT id FROM (
                                SELECT id, SUM(size) OVER (ORDER BY id DESC) AS kept FROM log_chunks
                                WHERE function_urn = ?
                            ) WHERE kept > ?
                        )
                        """,
                    arguments: [urn, limit])
            }
        }
    }
}
