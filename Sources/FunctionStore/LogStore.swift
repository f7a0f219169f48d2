import Foundation
import FunctionGraph
import GRDB
import Synchronization

/// What functions have written, in an SQLite database of its own.
///
/// A busy function writes megabytes a second, most of which is forgotten soon. So this database is made for little
/// work rather than for every event: its pages are large, each is written once, with no log ahead of it, and nothing
/// waits for the disk. The end of the process loses nothing that was added; a power cut may cost the logs, and nothing
/// but them. Methods block, so they are called off the event loop.
public final class LogStore: Sendable {
    private let path: String
    private let database = Mutex<DatabaseQueue?>(nil)

    private static let schema = [
        // Many entries in one value; see `LogChunk`. Times are milliseconds since 1970, UTC.
        """
        CREATE TABLE IF NOT EXISTS chunks (
            id INTEGER PRIMARY KEY,
            function_urn TEXT NOT NULL,
            project TEXT NOT NULL,
            first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL,
            size INTEGER NOT NULL,
            entries BLOB NOT NULL
        )
        """,
        "CREATE INDEX IF NOT EXISTS chunks_by_function ON chunks (function_urn, id)",
    ]

    /// Names the database; it is opened, or made, when it is first used.
    public init(path: String) {
        self.path = path
    }

    /// Keeps entries.
    ///
    /// - Throws: `DatabaseError` when the database cannot be written.
    public func add(_ chunks: [LogChunk]) throws {
        guard !chunks.isEmpty else { return }
        try perform { database in
            // Not one that is kept for the next time: it would hold on to the bytes of the last chunk until then.
            let statement = try database.makeStatement(
                sql: """
                    INSERT INTO chunks (function_urn, project, first_at, last_at, size, entries)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """)
            for chunk in chunks {
                guard let times = chunk.times else { continue }
                try statement.execute(arguments: [
                    chunk.functionURN, chunk.project.description, times.lowerBound.milliseconds,
                    times.upperBound.milliseconds, chunk.bytes.count, Data(chunk.bytes),
                ])
            }
        }
    }

    /// The newest entries that a query asks for, in the order of time.
    ///
    /// - Throws: `DatabaseError` when the database cannot be read.
    public func entries(_ query: LogQuery) throws -> [LogEntry] {
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
        return try perform { [arguments] database in
            let rows = try Row.fetchCursor(
                database, sql: "SELECT function_urn, entries FROM chunks \(clause) ORDER BY id DESC",
                arguments: arguments)
            var found: [LogEntry] = []
            while found.count < query.limit, let row = try rows.next() {
                let entries = LogChunk.entries(
                    Array(row["entries"] as Data), functionURN: row["function_urn"])
                found.append(contentsOf: entries.reversed().filter(query.matches))
            }
            return found.prefix(query.limit).reversed().sorted { $0.time < $1.time }
        }
    }

    /// Forgets entries that are older than a time, and the oldest of functions that have more than a number of
    /// bytes.
    ///
    /// - Throws: `DatabaseError` when the database cannot be written.
    public func prune(before time: Timestamp, bytesPerFunction limit: Int) throws {
        try perform { database in
            try database.execute(
                sql: "DELETE FROM chunks WHERE last_at < ?", arguments: [time.milliseconds])
            let large = try String.fetchAll(
                database,
                sql: "SELECT function_urn FROM chunks GROUP BY function_urn HAVING SUM(size) > ?",
                arguments: [limit])
            for urn in large {
                try database.execute(
                    sql: """
                        DELETE FROM chunks WHERE id IN (
                            SELECT id FROM (
                                SELECT id, SUM(size) OVER (ORDER BY id DESC) AS kept FROM chunks
                                WHERE function_urn = ?
                            ) WHERE kept > ?
                        )
                        """,
                    arguments: [urn, limit])
            }
        }
    }

    /// Forgets everything.
    ///
    /// - Throws: `DatabaseError` when the database cannot be written.
    public func removeAll() throws {
        try perform { try $0.execute(sql: "DELETE FROM chunks") }
    }

    /// Closes the database, if it was ever used.
    ///
    /// - Throws: `DatabaseError` when something still uses it.
    public func close() throws {
        try database.withLock { database in
            try database?.close()
            database = nil
        }
    }

    /// Runs `body` as one transaction. Finds the database damaged, as a power cut may leave it, it begins anew without
    /// what was in it.
    private func perform<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) throws -> Value {
        try database.withLock { database in
            do {
                return try Self.open(&database, path).write(body)
            } catch let error as DatabaseError where Self.isDamage(error) {
                try? database?.close()
                database = nil
                for suffix in ["", "-journal"] { unlink(path + suffix) }
                return try Self.open(&database, path).write(body)
            }
        }
    }

    private static func open(_ database: inout DatabaseQueue?, _ path: String) throws -> DatabaseQueue {
        if let database { return database }
        var configuration = Configuration(label: "logs")
        configuration.prepareDatabase { database in
            // The first two count when the file is made. A journal that stays has its pages in the system's cache for
            // the next transaction, which takes a fifth less time than with one that is made anew. What is deleted is
            // not worth overwriting.
            for pragma in [
                "page_size = 32768", "auto_vacuum = NONE", "journal_mode = PERSIST", "synchronous = OFF",
                "secure_delete = OFF", "cache_size = -1024",
            ] {
                try database.execute(sql: "PRAGMA \(pragma)")
            }
        }
        let opened = try DatabaseQueue(path: path, configuration: configuration)
        try opened.write { database in
            for statement in schema { try database.execute(sql: statement) }
        }
        database = opened
        return opened
    }

    private static func isDamage(_ error: DatabaseError) -> Bool {
        [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
    }
}
