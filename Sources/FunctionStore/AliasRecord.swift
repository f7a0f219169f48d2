import FunctionGraph
import GRDB
import JSON

/// A row of the table of aliases, with the name of its version.
struct AliasRecord: FetchableRecord {
    let id: Int64
    let alias: Result<Alias, any Error>

    /// The beginning of a query for rows of this kind.
    static let selection =
        "SELECT aliases.*, versions.name AS version_name FROM aliases JOIN versions ON versions.id = aliases.version"

    init(row: Row) {
        id = row["id"]
        alias = Result {
            guard var body = try JSONValue(parsing: row["additional"] as String).objectValue else {
                throw FGSError(.internalError, "a stored alias cannot be read")
            }
            body["name"] = .string(row["name"])
            body["version"] = .string(row["version_name"])
            body["description"] = (row["description"] as String?).map(JSONValue.string)
            return try Alias(creating: body, at: Timestamp(milliseconds: row["modified_at"]))
        }
    }

    /// - Throws: `FGSError` FSS.1053.
    static func find(_ name: AliasName, of function: Int64, _ database: Database) throws -> AliasRecord {
        let record = try AliasRecord.fetchOne(
            database, sql: "\(selection) WHERE aliases.function = ? AND aliases.name = ?",
            arguments: [function, name.description])
        guard let record else { throw FGSError(.aliasNotFound, "Not found the function alias \(name)") }
        return record
    }

    /// The values of a row for an alias, after its function.
    ///
    /// - Throws: `FGSError` FSS.1052 when its version does not exist, FSS.1091 when its additional one does not.
    static func values(
        _ alias: Alias, of function: Int64, _ database: Database
    ) throws -> (version: Int64, arguments: StatementArguments) {
        let version = try VersionRecord.versionID(alias.version, of: function, database)
        var additional: Int64?
        if let name = alias.additional?.version {
            do {
                additional = try VersionRecord.versionID(name, of: function, database)
            } catch is FGSError {
                throw FGSError(.invalidAdditionalVersion, "the additional version \(name) does not exist")
            }
        }
        let rules = JSONValue.object(alias.additional?.members ?? [:]).text
        return (
            version,
            [version, alias.description?.description, additional, rules, alias.lastModified.milliseconds]
        )
    }
}
