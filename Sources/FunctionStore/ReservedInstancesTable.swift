import FunctionGraph
import GRDB
import JSON

/// The table of reserved instances, of versions and of aliases.
enum ReservedInstancesTable {
    /// The beginning of a query for rows that `policy` can read.
    static let selection = """
        SELECT reserved_instances.*, functions.project, functions.package, functions.name AS function_name,
            versions.name AS version_name, aliases.name AS alias_name
        FROM reserved_instances
        LEFT JOIN versions ON versions.id = reserved_instances.version
        LEFT JOIN aliases ON aliases.id = reserved_instances.alias
        JOIN functions ON functions.id = COALESCE(versions.function, aliases.function)
        """

    static func find(version: Int64, of function: Function, _ database: Database) throws -> ReservedInstances?
    {
        try Row.fetchOne(
            database.cachedStatement(sql: "\(selection) WHERE reserved_instances.version = ?"),
            arguments: [version]
        ).map { try policy($0, region: "") }
    }

    static func policy(_ row: Row, region: String) throws -> ReservedInstances {
        let qualifier: Qualifier =
            if let alias: String = row["alias_name"] {
                .alias(try AliasName(alias))
            } else {
                .version(try VersionName(row["version_name"]))
            }
        let urn = FunctionURN(
            region: region, project: try ProjectID(row["project"]), package: try PackageName(row["package"]),
            name: try FunctionName(row["function_name"]), qualifier: qualifier)
        let tactics =
            try (row["tactics"] as String?).map { try ReservedTactics(JSONValue(parsing: $0)) } ?? .none
        return ReservedInstances(urn: urn, count: row["count"], isIdle: row["is_idle_mode"], tactics: tactics)
    }
}
