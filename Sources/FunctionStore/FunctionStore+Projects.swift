import FunctionGraph
import GRDB

extension FunctionStore {
    /// How much of a quota a project uses.
    public func used(_ quota: ProjectQuota, in project: ProjectID) throws -> Int {
        let sql: String
        switch quota {
        case .functions: sql = "SELECT COUNT(*) FROM functions WHERE project = ?"
        case .codeSize:
            sql = """
                SELECT (TOTAL(code.size) + 1048575) / 1048576 FROM versions
                JOIN functions ON functions.id = versions.function JOIN code ON code.digest = versions.digest
                WHERE functions.project = ?
                """
        case .reservedInstances:
            sql = "SELECT TOTAL(count) FROM (\(ReservedInstancesTable.selection)) WHERE project = ?"
        case .scaleDownTimeout, .translationIdleTime, .workflows, .instancesPerFunction, .instances: return 0
        }
        return try database.read { database in
            try Int.fetchOne(database, sql: sql, arguments: [project.description]) ?? 0
        }
    }

    /// Switches the log service on for a project. Doing so again changes nothing.
    public func enableLTS(in project: ProjectID, at now: Timestamp) throws {
        try database.write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO lts_projects (project, enabled_at) VALUES (?, ?)",
                arguments: [project.description, now.milliseconds])
        }
    }

    /// Marks a function as a favourite, or as none.
    ///
    /// - Throws: `FGSError` FSS.1051.
    public func setPinned(_ isPinned: Bool, _ urn: FunctionURN) throws {
        try database.write { database in
            try database.execute(
                sql: "UPDATE functions SET is_pinned = ? WHERE id = ?",
                arguments: [isPinned, VersionRecord.functionID(urn, database)])
        }
    }
}
