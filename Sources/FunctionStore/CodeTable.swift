import Foundation
import FunctionGraph
import GRDB

/// The table of code: each content once, whoever uses it.
enum CodeTable {
    /// Keeps bytes unless they are kept already.
    ///
    /// - Throws: `FGSError` FSS.1042 when the project would hold more code than it may.
    static func insert(_ bytes: [UInt8], digest: String, project: ProjectID, _ database: Database) throws {
        let exists = try contains(digest, database)
        try Quota.checkCode(of: project, adding: bytes.count, database)
        guard !exists else { return }
        // Not a cached statement: it would hold these bytes until the next.
        try database.execute(
            sql: "INSERT INTO code (digest, size, bytes) VALUES (?, ?, ?)",
            arguments: [digest, bytes.count, Data(bytes)])
    }

    /// Whether bytes are kept.
    static func contains(_ digest: String, _ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT 1 FROM code WHERE digest = ?"), arguments: [digest])
            ?? false
    }

    /// Whether nothing refers to the code of a row.
    private static let isUnused = """
        NOT EXISTS (SELECT 1 FROM versions WHERE versions.digest = code.digest)
        AND NOT EXISTS (SELECT 1 FROM dependency_versions WHERE dependency_versions.digest = code.digest)
        """

    /// Those of some digests that nothing refers to any more.
    static func unused(of digests: [String], _ database: Database) throws -> [String] {
        try digests.filter { digest in
            try Bool.fetchOne(
                database, sql: "SELECT 1 FROM code WHERE digest = ? AND \(isUnused)", arguments: [digest])
                ?? false
        }
    }

    /// Removes those of some bytes that nothing refers to.
    static func removeUnused(_ digests: [String], _ database: Database) throws {
        for digest in digests {
            try database.execute(
                sql: "DELETE FROM code WHERE digest = ? AND \(isUnused)", arguments: [digest])
        }
    }

    /// Removes all bytes that nothing refers to.
    static func removeUnused(_ database: Database) throws {
        try database.execute(sql: "DELETE FROM code WHERE \(isUnused)")
    }
}
