import FunctionGraph
import GRDB
import JSON

extension FunctionStore {
    /// A trigger and what it invokes.
    public struct BoundTrigger: Sendable, Equatable {
        /// The trigger.
        public let trigger: Trigger
        /// The function, with the version or alias.
        public let target: FunctionURN

        /// Names a trigger and what it invokes.
        public init(_ trigger: Trigger, target: FunctionURN) {
            self.trigger = trigger
            self.target = target
        }
    }

    /// The triggers of the version or alias that a URN names, or of `latest`, in the order in which they were made.
    ///
    /// - Throws: `FGSError` FSS.1051 to FSS.1053.
    public func triggers(of urn: FunctionURN) throws -> [Trigger] {
        try database.read { database in
            let target = try TriggerTarget(urn, database)
            return try TriggerRecord.fetchAll(
                database,
                sql: """
                    \(TriggerRecord.selection) WHERE triggers.version IS ? AND triggers.alias IS ?
                    ORDER BY triggers.rowid
                    """,
                arguments: [target.version, target.alias]
            ).map { try $0.trigger.get() }
        }
    }

    /// Every trigger there is, for whoever makes them fire.
    public func allTriggers(region: String) throws -> [BoundTrigger] {
        try boundTriggers("ORDER BY triggers.rowid", [], region: region)
    }

    /// Every trigger of a function.
    public func allTriggers(of urn: FunctionURN) throws -> [BoundTrigger] {
        try boundTriggers(
            "WHERE functions.project = ? AND functions.package = ? AND functions.name = ? ORDER BY triggers.rowid",
            [urn.project.description, urn.package.description, urn.name.description], region: urn.region)
    }

    /// One trigger of a function, whatever version the URN names.
    ///
    /// - Throws: `FGSError` FSS.1051, or the code for triggers of the type.
    public func trigger(_ id: String, _ type: TriggerType, of urn: FunctionURN) throws -> Trigger {
        try database.read { try TriggerRecord.find(id, type, of: VersionRecord.functionID(urn, $0), $0) }
    }

    /// Keeps a new trigger of the version or alias that a URN names.
    ///
    /// - Parameter make: Makes it, given what it is bound to and the runtime of the function.
    /// - Throws: `FGSError` FSS.1051 to FSS.1053, FSS.1306 and FSS.1123 beyond the quotas, the code for a conflict
    ///   with another trigger, and what `make` throws.
    public func createTrigger(
        of urn: FunctionURN, _ make: (TriggerBinding, RuntimeLabel) throws -> Trigger
    ) throws -> Trigger {
        try database.write { database in
            let target = try TriggerTarget(urn, database)
            let trigger = try make(target.binding, target.runtime)
            let types = try String.fetchAll(
                database, sql: "SELECT type FROM triggers WHERE version IS ? AND alias IS ?",
                arguments: [target.version, target.alias])
            try TriggerQuota.check(
                adding: trigger.type, to: types.map { type in try TriggerType(path: type) })
            try Self.checkConflicts(of: trigger, in: urn.project, function: target.function, database)
            announce(.triggers(urn), database)
            try database.execute(
                sql: """
                    INSERT INTO triggers
                    (id, function, version, alias, type, status, event_data, conflict_key, created_at, modified_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    trigger.id.description, target.function, target.version, target.alias,
                    trigger.type.rawValue,
                    trigger.status.rawValue, JSONValue.object(trigger.data.object).text, trigger.conflictKey,
                    trigger.created.milliseconds, trigger.modified.milliseconds,
                ])
            return trigger
        }
    }

    /// Changes a trigger of a function, whatever version the URN names.
    ///
    /// - Parameter change: Makes the new state of the old one.
    /// - Throws: `FGSError` FSS.1051, FSS.0404 when there is no such trigger, the code for a conflict with another
    ///   trigger, and what `change` throws.
    public func updateTrigger(
        _ id: String, _ type: TriggerType, of urn: FunctionURN, _ change: (Trigger) throws -> Trigger
    ) throws -> Trigger {
        try database.write { database in
            let function = try VersionRecord.functionID(urn, database)
            let before: Trigger
            do {
                before = try TriggerRecord.find(id, type, of: function, database)
            } catch let error as FGSError {
                // The API reference has this code for changes, and more specific ones for everything else.
                throw FGSError(.notFound, error.message)
            }
            let trigger = try change(before)
            guard trigger != before else { return before }
            try Self.checkConflicts(of: trigger, in: urn.project, function: function, database)
            announce(.triggers(urn), database)
            try database.execute(
                sql:
                    "UPDATE triggers SET status = ?, event_data = ?, conflict_key = ?, modified_at = ? WHERE id = ?",
                arguments: [
                    trigger.status.rawValue, JSONValue.object(trigger.data.object).text, trigger.conflictKey,
                    trigger.modified.milliseconds, id,
                ])
            return trigger
        }
    }

    /// Deletes a trigger of a function, whatever version the URN names.
    ///
    /// - Throws: `FGSError` FSS.1051, or the code for triggers of the type.
    public func deleteTrigger(_ id: String, _ type: TriggerType, of urn: FunctionURN) throws {
        try database.write { database in
            _ = try TriggerRecord.find(id, type, of: VersionRecord.functionID(urn, database), database)
            announce(.triggers(urn), database)
            try database.execute(sql: "DELETE FROM triggers WHERE id = ?", arguments: [id])
        }
    }

    /// Deletes the triggers of the version or alias that a URN names; without either, and for `latest`, all of
    /// the function (API reference, G-6).
    ///
    /// - Throws: `FGSError` FSS.1051 to FSS.1053.
    public func deleteTriggers(of urn: FunctionURN) throws {
        try database.write { database in
            let target = try TriggerTarget(urn, database)
            announce(.triggers(urn), database)
            if target.binding == .version(.latest) {
                try database.execute(
                    sql: "DELETE FROM triggers WHERE function = ?", arguments: [target.function])
            } else {
                try database.execute(
                    sql: "DELETE FROM triggers WHERE version IS ? AND alias IS ?",
                    arguments: [target.version, target.alias])
            }
        }
    }

    private func boundTriggers(
        _ condition: String, _ arguments: StatementArguments, region: String
    ) throws -> [BoundTrigger] {
        try database.read { database in
            try TriggerRecord.fetchAll(
                database, sql: "\(TriggerRecord.selection) \(condition)", arguments: arguments
            ).map { BoundTrigger(try $0.trigger.get(), target: try $0.target(region: region)) }
        }
    }

    private static func checkConflicts(
        of trigger: Trigger, in project: ProjectID, function: Int64, _ database: Database
    ) throws {
        let others = try TriggerRecord.fetchAll(
            database,
            sql: """
                \(TriggerRecord.selection) WHERE triggers.conflict_key = ? AND functions.project = ?
                AND (? OR triggers.function = ?)
                """,
            arguments: [
                trigger.conflictKey, project.description, trigger.conflictScope == .project, function,
            ])
        for other in others {
            if let error = trigger.conflicts(with: try other.trigger.get()) { throw error }
        }
    }
}

/// What a trigger is bound to: the row of a version or that of an alias.
private struct TriggerTarget {
    let function: Int64
    let version: Int64?
    let alias: Int64?
    let binding: TriggerBinding
    let runtime: RuntimeLabel

    init(_ urn: FunctionURN, _ database: Database) throws {
        function = try VersionRecord.functionID(urn, database)
        let record = try VersionRecord.find(urn, database)
        runtime = try record.function.configuration.runtime
        if case .alias(let name) = urn.qualifier {
            version = nil
            alias = try AliasRecord.find(name, of: function, database).id
            binding = .alias(name)
        } else {
            version = record.id
            alias = nil
            binding = .version(try VersionName(record.name))
        }
    }
}
