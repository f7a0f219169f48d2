import FunctionGraph
import GRDB

extension FunctionStore {
    /// Sets how many instances of a version or an alias are kept; 0 without tactics keeps none.
    ///
    /// - Throws: `FGSError` FSS.1051 to FSS.1053, FSS.0400 beyond the account's quota and when an alias and its
    ///   version would both have some.
    public func set(_ reserved: ReservedInstances, at now: Timestamp) throws {
        try database.write { database in
            let target = try ReservedTarget(reserved.urn, database)
            announce(.reservedInstances(reserved.urn), database)
            try database.execute(
                sql: "DELETE FROM reserved_instances WHERE version IS ? AND alias IS ?",
                arguments: [target.version, target.alias])
            guard !reserved.isEmpty else { return }
            try target.checkOtherHasNone(database)
            let others = try Int.fetchOne(
                database,
                sql: """
                    SELECT TOTAL(count) FROM (\(ReservedInstancesTable.selection)) WHERE project = ?
                    """,
                arguments: [reserved.urn.project.description])
            guard (others ?? 0) + reserved.count <= ReservedInstances.accountQuota else {
                throw FGSError(
                    .invalidParameter,
                    "count is \(reserved.count), and \(others ?? 0) instances are reserved already; all functions "
                        + "together may have \(ReservedInstances.accountQuota)")
            }
            try database.execute(
                sql: """
                    INSERT INTO reserved_instances (version, alias, count, is_idle_mode, tactics, modified_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    target.version, target.alias, reserved.count, reserved.isIdle,
                    reserved.tactics.configs.isEmpty ? nil : reserved.tactics.json.text, now.milliseconds,
                ])
        }
    }

    /// A page of the reserved instances of a project, those set last first.
    ///
    /// - Parameter function: Only those of this function or, if its URN has one, of its version or alias.
    public func reservedInstances(
        in project: ProjectID, region: String, of function: FunctionURN?, _ page: Page
    ) throws -> (page: [ReservedInstances], total: Int) {
        let rows = try database.read { database in
            try Row.fetchAll(
                database,
                sql:
                    "\(ReservedInstancesTable.selection) WHERE functions.project = ? ORDER BY reserved_instances.id DESC",
                arguments: [project.description])
        }
        let found = try rows.map { try ReservedInstancesTable.policy($0, region: region) }.filter {
            reserved in
            guard let function else { return true }
            return reserved.urn.package == function.package && reserved.urn.name == function.name
                && (function.qualifier == .unspecified || reserved.urn.qualifier == function.qualifier)
        }
        return (Array(found.dropFirst(page.offset).prefix(page.limit)), found.count)
    }

    /// The reserved instances of all projects, for whoever keeps them running.
    public func allReservedInstances(region: String) throws -> [ReservedInstances] {
        try database.read { database in
            try Row.fetchAll(
                database, sql: "\(ReservedInstancesTable.selection) ORDER BY reserved_instances.id"
            )
            .map { try ReservedInstancesTable.policy($0, region: region) }
        }
    }
}

/// Whose instances are reserved: the row of a version or that of an alias.
private struct ReservedTarget {
    let version: Int64?
    let alias: Int64?
    private let aliasedVersion: Int64?

    init(_ urn: FunctionURN, _ database: Database) throws {
        let function = try VersionRecord.functionID(urn, database)
        switch urn.qualifier {
        case .alias(let name):
            let record = try AliasRecord.find(name, of: function, database)
            version = nil
            alias = record.id
            aliasedVersion = try VersionRecord.versionID(record.alias.get().version, of: function, database)
        case .version, .unspecified:
            version = try VersionRecord.find(urn, database).id
            alias = nil
            aliasedVersion = nil
        }
    }

    func checkOtherHasNone(_ database: Database) throws {
        let other = try Bool.fetchOne(
            database,
            sql: """
                SELECT 1 FROM reserved_instances WHERE version = ?
                OR alias IN (SELECT id FROM aliases WHERE aliases.version = ?)
                """,
            arguments: [aliasedVersion, version])
        if other != nil {
            throw FGSError(
                .invalidParameter,
                "instances cannot be reserved for an alias and for its version at the same time")
        }
    }
}
