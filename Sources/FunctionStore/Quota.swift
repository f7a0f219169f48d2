import FunctionGraph
import GRDB

/// Limits on what a project may keep.
enum Quota {
    /// - Throws: `FGSError` FSS.1041 when the project has as many functions as it may.
    static func checkFunctions(of project: ProjectID, _ limits: ProjectLimits, _ database: Database) throws {
        let count = try Int.fetchOne(
            database.cachedStatement(sql: "SELECT COUNT(*) FROM functions WHERE project = ?"),
            arguments: [project.description])
        let functions = limits[.functions]
        guard count ?? 0 < functions else {
            throw FGSError(
                .functionQuotaExceeded, "the project has \(functions) functions, which is all it may have")
        }
    }

    /// - Throws: `FGSError` FSS.1042 when the project would hold more code than it may.
    static func checkCode(of project: ProjectID, adding size: Int, _ database: Database) throws {
        let used = try Int.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT TOTAL(code.size) FROM versions
                    JOIN functions ON functions.id = versions.function JOIN code ON code.digest = versions.digest
                    WHERE functions.project = ?
                    """),
            arguments: [project.description])
        let codeBytes = ProjectQuota.codeSize.standardLimit << 20
        guard (used ?? 0) + size <= codeBytes else {
            throw FGSError(
                .codeSizeQuotaExceeded,
                "the project's code would be larger than the \(codeBytes >> 30) GB it may have")
        }
    }
}
