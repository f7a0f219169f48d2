import FunctionGraph
import GRDB

extension FunctionStore {
    /// The aliases of a function in the order in which they were made.
    ///
    /// - Parameter urn: Its version does not matter, here and in the other methods for aliases.
    /// - Throws: `FGSError` FSS.1051.
    public func aliases(of urn: FunctionURN) throws -> [Alias] {
        try database.read { database in
            try AliasRecord.fetchAll(
                database, sql: "\(AliasRecord.selection) WHERE aliases.function = ? ORDER BY aliases.id",
                arguments: [VersionRecord.functionID(urn, database)]
            ).map { try $0.alias.get() }
        }
    }

    /// One alias of a function.
    ///
    /// - Throws: `FGSError` FSS.1051, FSS.1053.
    public func alias(_ name: AliasName, of urn: FunctionURN) throws -> Alias {
        try database.read { database in
            try AliasRecord.find(name, of: VersionRecord.functionID(urn, database), database).alias.get()
        }
    }

    /// Keeps a new alias.
    ///
    /// - Throws: `FGSError` FSS.1051, FSS.1063 when there is one of its name, FSS.1066 when its version has one,
    ///   FSS.1043 beyond the quota, FSS.1052 and FSS.1091 for versions that do not exist.
    public func create(_ alias: Alias, of urn: FunctionURN) throws {
        try database.write { database in
            let function = try VersionRecord.functionID(urn, database)
            let names = try String.fetchAll(
                database, sql: "SELECT name FROM aliases WHERE function = ?", arguments: [function])
            guard !names.contains(alias.name.description) else {
                throw FGSError(.aliasExists, "the alias \(alias.name) exists already")
            }
            guard names.count < Alias.maximumCount else {
                throw FGSError(
                    .aliasQuotaExceeded,
                    "the function has \(Alias.maximumCount) aliases, which is all it may have")
            }
            let (version, values) = try AliasRecord.values(alias, of: function, database)
            try checkHasNoOtherAlias(version, alias, database)
            announce(.routing(urn), database)
            try database.execute(
                sql: """
                    INSERT INTO aliases
                    (function, name, version, description, additional_version, additional, modified_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [function, alias.name.description] + values)
        }
    }

    /// Changes an alias.
    ///
    /// - Parameter change: Makes the new state of the old one.
    /// - Throws: `FGSError` as `create` and FSS.1053.
    public func update(
        _ name: AliasName, of urn: FunctionURN, _ change: (Alias) throws -> Alias
    ) throws -> Alias {
        try database.write { database in
            let function = try VersionRecord.functionID(urn, database)
            let record = try AliasRecord.find(name, of: function, database)
            let alias = try change(try record.alias.get())
            let (version, values) = try AliasRecord.values(alias, of: function, database)
            try checkHasNoOtherAlias(version, alias, database)
            announce(.routing(urn), database)
            try database.execute(
                sql: """
                    UPDATE aliases SET version = ?, description = ?, additional_version = ?, additional = ?,
                    modified_at = ? WHERE id = ?
                    """,
                arguments: values + [record.id])
            return alias
        }
    }

    /// Deletes an alias.
    ///
    /// - Throws: `FGSError` FSS.1051, FSS.1053, FSS.1154 when triggers are bound to it.
    public func deleteAlias(_ name: AliasName, of urn: FunctionURN) throws {
        try database.write { database in
            let record = try AliasRecord.find(name, of: VersionRecord.functionID(urn, database), database)
            let triggers = try Int.fetchOne(
                database, sql: "SELECT COUNT(*) FROM triggers WHERE alias = ?", arguments: [record.id])
            guard triggers == 0 else {
                throw FGSError(
                    .aliasHasTriggers,
                    "\(triggers ?? 0) triggers are bound to the alias \(name); delete them first")
            }
            announce(.routing(urn), database)
            try database.execute(sql: "DELETE FROM aliases WHERE id = ?", arguments: [record.id])
        }
    }

    private func checkHasNoOtherAlias(_ version: Int64, _ alias: Alias, _ database: Database) throws {
        let other = try String.fetchOne(
            database, sql: "SELECT name FROM aliases WHERE version = ? AND name <> ?",
            arguments: [version, alias.name.description])
        if let other {
            throw FGSError(.versionHasAlias, "version \(alias.version) has the alias \(other) already")
        }
    }
}
