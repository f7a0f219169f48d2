import Foundation
import FunctionGraph
import GRDB

/// Everything the emulator keeps, in one SQLite database.
///
/// Each method is one transaction: it happens as a whole, is on disk when the method returns, and throws an
/// `FGSError` for what the API refuses. Writes happen one after the other, reads beside them. Methods block, so
/// they are called off the event loop.
public final class FunctionStore: Sendable {
    /// What a project may have.
    public let limits: ProjectLimits
    let database: DatabasePool
    private let observer: @Sendable (StoreChange) -> Void

    /// Opens the database at `path`, making it or bringing its schema up to date.
    ///
    /// - Parameters:
    ///   - limits: What a project may have.
    ///   - observer: Told of every change after it is on disk and before the method that made it returns,
    ///   on that method's thread.
    /// - Throws: `DatabaseError` when the file cannot be opened or is no database.
    public init(
        path: String, limits: ProjectLimits = ProjectLimits(),
        observer: @escaping @Sendable (StoreChange) -> Void
    ) throws {
        self.limits = limits
        self.observer = observer
        var configuration = Configuration(label: "functions")
        configuration.prepareDatabase { database in
            // With a write-ahead log a commit survives the end of the process; only a power cut can lose the
            // last ones, and never tear one.
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
            // Of each connection, in KiB. The system has the file in its own cache as well.
            try database.execute(sql: "PRAGMA cache_size = -512")
        }
        database = try DatabasePool(path: path, configuration: configuration)
        try Schema.migrator.migrate(database)
        // What an earlier process had no time to remove.
        try database.write { try CodeTable.removeUnused($0) }
    }

    /// Writes what is left of the write-ahead log and closes the file.
    ///
    /// - Throws: `DatabaseError` when something still uses it.
    public func close() throws {
        // The last connection to close empties the log, which one that only reads cannot do.
        database.invalidateReadOnlyConnections()
        try database.close()
    }

    /// Keeps a new function.
    ///
    /// - Parameters:
    ///   - function: Its version `latest`.
    ///   - code: The bytes whose digest the function's code has.
    /// - Throws: `FGSError` FSS.1061 when there is one of its name, FSS.1041 and FSS.1042 beyond the quotas,
    ///   FSS.1056 for dependency versions that do not exist.
    public func create(_ function: Function, code: [UInt8]) throws -> FunctionDetail {
        try database.write { database in
            let exists = try Bool.fetchOne(
                database.cachedStatement(
                    sql: "SELECT 1 FROM functions WHERE project = ? AND package = ? AND name = ?"),
                arguments: function.key)
            guard exists == nil else {
                throw FGSError(
                    .functionExists, "The function has existed: \(function.package):\(function.name)")
            }
            try Quota.checkFunctions(of: function.project, limits, database)
            let insert = try database.cachedStatement(
                sql:
                    "INSERT INTO functions (project, package, name, func_id, created_at) VALUES (?, ?, ?, ?, ?)"
            )
            try insert.execute(
                arguments: function.key + [function.id.description, function.lastModified.milliseconds])
            let id = database.lastInsertedRowID
            try CodeTable.insert(code, digest: function.code.digest, project: function.project, database)
            try VersionRecord(function, of: id).insert(database)
            let detail = try Details.of(function, version: database.lastInsertedRowID, database)
            announce(.created(detail), database)
            return detail
        }
    }

    /// The version of a function that a URN names; `latest` when it names none.
    ///
    /// - Throws: `FGSError` FSS.1051, FSS.1052 or FSS.1053: the function, version or alias does not exist.
    public func function(_ urn: FunctionURN) throws -> Function {
        try database.read { try VersionRecord.find(urn, $0).function }
    }

    /// The version of a function that a URN names, with what is attached to it.
    ///
    /// - Throws: `FGSError` as `function`.
    public func detail(_ urn: FunctionURN) throws -> FunctionDetail {
        try database.read { try Details.of(VersionRecord.find(urn, $0), $0) }
    }

    /// A page of the functions of a project, newest first, each in its version `latest`.
    ///
    /// - Parameter package: Only those of this package.
    /// - Returns: The page, and how many there are in all.
    public func functions(
        in project: ProjectID, package: PackageName?, offset: Int, limit: Int
    ) throws -> (page: [Function], total: Int) {
        var condition = "functions.project = ?"
        var arguments: StatementArguments = [project.description]
        if let package {
            condition += " AND functions.package = ?"
            arguments += [package.description]
        }
        return try database.read { database in
            let total = try Int.fetchOne(
                database, sql: "SELECT COUNT(*) FROM functions WHERE \(condition)", arguments: arguments)
            let rows = try VersionRecord.fetchAll(
                database,
                sql: """
                    \(VersionRecord.selection) WHERE versions.name = 'latest' AND functions.id IN
                    (SELECT id FROM functions WHERE \(condition) ORDER BY id DESC LIMIT ? OFFSET ?)
                    ORDER BY functions.id DESC
                    """,
                arguments: arguments + [limit, offset])
            return (try rows.map { try $0.function }, total ?? 0)
        }
    }

    /// Changes the version `latest` of a function.
    ///
    /// - Parameters:
    ///   - code: The bytes of its code, if the change is one of the code.
    ///   - change: Makes the new state of the old one. What it throws is thrown, and nothing is changed.
    /// - Returns: The new state.
    /// - Throws: `FGSError` FSS.1051 when there is no such function, FSS.1015 when the URN names a published
    ///   version, which cannot be changed, FSS.1042 beyond the quota, FSS.1056 for dependency versions that do not
    ///   exist.
    public func update(
        _ urn: FunctionURN, code: [UInt8]? = nil, _ change: (Function) throws -> Function
    ) throws -> FunctionDetail {
        try database.write { database in
            let record = try VersionRecord.find(urn, database)
            guard record.name == VersionName.latest.description else {
                throw FGSError(
                    .invalidVersion,
                    "version \(record.name) is published and cannot be changed; only latest can")
            }
            let before = try record.function
            let function = try change(before)
            guard function != before else { return try Details.of(record, database) }
            if let code {
                try CodeTable.insert(code, digest: function.code.digest, project: function.project, database)
            }
            let changed = VersionRecord(function, of: record.functionID, id: record.id)
            try changed.update(database)
            let detail = try Details.of(changed, database)
            announce(.changed(detail), database)
            if function.code.digest != record.digest { try announceUnused([record.digest], database) }
            return detail
        }
    }

    /// Deletes a function with everything that belongs to it, or the one version of it that the URN names.
    ///
    /// - Throws: `FGSError` FSS.1051 or FSS.1052 when there is none, FSS.1015 for `latest`, FSS.1094 for a
    ///   version to which an alias sends part of its calls.
    public func delete(_ urn: FunctionURN) throws {
        try database.write { database in
            announce(.deleted(urn), database)
            let record = try VersionRecord.find(urn, database)
            let digests: [String]
            if urn.qualifier == .unspecified {
                digests = try String.fetchAll(
                    database, sql: "SELECT DISTINCT digest FROM versions WHERE function = ?",
                    arguments: [record.functionID])
                try database.execute(
                    sql: "DELETE FROM functions WHERE id = ?", arguments: [record.functionID])
            } else {
                digests = [record.digest]
                try record.deleteVersion(database)
            }
            try announceUnused(digests, database)
        }
    }

    /// The bytes of stored code.
    ///
    /// - Throws: `FGSError` FSS.0500 when they are gone.
    public func code(_ digest: String) throws -> [UInt8] {
        let bytes = try database.read { database in
            try Data.fetchOne(database, sql: "SELECT bytes FROM code WHERE digest = ?", arguments: [digest])
        }
        guard let bytes else {
            throw FGSError(.internalError, "the code with digest \(digest.prefix(16))… is gone")
        }
        return Array(bytes)
    }

    /// Whether code is stored.
    public func hasCode(_ digest: String) throws -> Bool {
        try database.read { try CodeTable.contains(digest, $0) }
    }

    /// Removes code that was announced as unused, unless it is used again.
    ///
    /// - Returns: The digests of what was removed.
    public func removeUnused(_ digests: [String]) throws -> [String] {
        try database.write { database in
            try CodeTable.removeUnused(digests, database)
            return try digests.filter { try !CodeTable.contains($0, database) }
        }
    }

    /// Tells the observer which code is not referred to any more, of code that was.
    func announceUnused(_ digests: [String], _ database: Database) throws {
        let unused = try CodeTable.unused(of: digests, database)
        if !unused.isEmpty { announce(.codeUnused(unused), database) }
    }

    /// Tells the observer of a change once the transaction under way is on disk; never if it is rolled back.
    func announce(_ change: StoreChange, _ database: Database) {
        database.afterNextTransaction { [observer] _ in observer(change) }
    }
}

extension Function {
    fileprivate var key: StatementArguments { [project.description, package.description, name.description] }
}
