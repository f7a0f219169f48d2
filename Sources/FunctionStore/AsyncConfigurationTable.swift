import FunctionGraph
import GRDB
import JSON

/// The table of configurations of asynchronous invocations, one per version.
enum AsyncConfigurationTable {
    static func find(_ version: Int64, _ database: Database) throws -> AsyncConfiguration? {
        try Row.fetchOne(
            database.cachedStatement(sql: "SELECT * FROM async_configurations WHERE version = ?"),
            arguments: [version]
        ).map(configuration)
    }

    static func configuration(_ row: Row) throws -> AsyncConfiguration {
        guard let body = try JSONValue(parsing: row["configuration"] as String).objectValue else {
            throw FGSError(.internalError, "a stored asynchronous configuration cannot be read")
        }
        return try AsyncConfiguration(
            body, createdAt: Timestamp(milliseconds: row["created_at"]),
            at: Timestamp(milliseconds: row["modified_at"]))
    }

    static func replace(_ configuration: AsyncConfiguration, of version: Int64, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO async_configurations (version, configuration, created_at, modified_at)
                VALUES (?, ?, ?, ?)
                """,
            arguments: [
                version, JSONValue.object(configuration.stored).text, configuration.createdAt.milliseconds,
                configuration.lastModified.milliseconds,
            ])
    }
}
