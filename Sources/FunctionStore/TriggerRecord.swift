import FunctionGraph
import GRDB
import JSON

/// A row of the table of triggers, with the names of its version or alias and of its function.
struct TriggerRecord: FetchableRecord {
    let trigger: Result<Trigger, any Error>
    private let row: Row

    /// The beginning of a query for rows of this kind.
    static let selection = """
        SELECT triggers.*, versions.name AS version_name, aliases.name AS alias_name, functions.project,
            functions.package, functions.name AS function_name
        FROM triggers JOIN functions ON functions.id = triggers.function
        LEFT JOIN versions ON versions.id = triggers.version LEFT JOIN aliases ON aliases.id = triggers.alias
        """

    init(row: Row) {
        let row = row.copy()
        self.row = row
        trigger = Result {
            let binding: TriggerBinding =
                if let alias: String = row["alias_name"] {
                    .alias(try AliasName(alias))
                } else {
                    .version(try VersionName(row["version_name"]))
                }
            let type = try TriggerType(path: row["type"])
            guard let id = Identifier(row["id"]), let status = TriggerStatus(rawValue: row["status"]),
                let data = try JSONValue(parsing: row["event_data"] as String).objectValue
            else { throw FGSError(.internalError, "a stored trigger cannot be read") }
            return Trigger(
                id: id, binding: binding, status: status, data: TriggerEventData(stored: data, for: type),
                created: Timestamp(milliseconds: row["created_at"]),
                modified: Timestamp(milliseconds: row["modified_at"]))
        }
    }

    /// What the trigger invokes.
    func target(region: String) throws -> FunctionURN {
        FunctionURN(
            region: region, project: try ProjectID(row["project"]), package: try PackageName(row["package"]),
            name: try FunctionName(row["function_name"]), qualifier: try trigger.get().binding.qualifier)
    }

    /// - Throws: `FGSError` with the code for triggers of the type.
    static func find(
        _ id: String, _ type: TriggerType, of function: Int64, _ database: Database
    ) throws -> Trigger {
        let record = try TriggerRecord.fetchOne(
            database,
            sql: "\(selection) WHERE triggers.id = ? AND triggers.function = ? AND triggers.type = ?",
            arguments: [id, function, type.rawValue])
        guard let record else {
            throw FGSError(
                type.notFoundCode, "the \(type.rawValue) trigger '\(id.prefix(80))' does not exist")
        }
        return try record.trigger.get()
    }
}
