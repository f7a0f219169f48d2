import FunctionGraph
import GRDB

extension FunctionStore {
    /// The tags of a function, by key.
    ///
    /// - Parameter urn: Its version does not matter, here and in the other methods for tags.
    /// - Throws: `FGSError` FSS.1051.
    public func tags(of urn: FunctionURN) throws -> [Tag] {
        try database.read { try Self.tags(of: VersionRecord.functionID(urn, $0), $0) }
    }

    /// Every key that functions of a project are tagged with, and the values it has.
    public func tags(in project: ProjectID) throws -> [(key: String, values: [String])] {
        let rows = try database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT tags.key, tags.value FROM tags JOIN functions ON functions.id = tags.function
                    WHERE functions.project = ? ORDER BY tags.key, tags.value
                    """,
                arguments: [project.description])
        }
        var found: [(key: String, values: [String])] = []
        for row in rows {
            if found.last?.key == row["key"] {
                found[found.count - 1].values.append(row["value"])
            } else {
                found.append((row["key"], [row["value"]]))
            }
        }
        return found
    }

    /// Adds tags to a function; of a key it has already, the value is replaced.
    ///
    /// - Throws: `FGSError` FSS.1051, FSS.0400 for more tags than there may be.
    public func add(_ tags: [Tag], to urn: FunctionURN) throws {
        try database.write { database in
            let function = try VersionRecord.functionID(urn, database)
            for tag in tags {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO tags (function, key, value) VALUES (?, ?, ?)",
                    arguments: [function, tag.key, tag.value])
            }
            let count = try Self.tags(of: function, database).count
            guard count <= Tag.maximumCount else {
                throw FGSError(
                    .invalidParameter,
                    "the function would have \(count) tags; at most \(Tag.maximumCount) are allowed")
            }
        }
    }

    /// Removes tags from a function. A tag without a value stands for its key; what is not there is no error.
    ///
    /// - Throws: `FGSError` FSS.1051.
    public func remove(_ tags: [Tag], from urn: FunctionURN) throws {
        try database.write { database in
            let function = try VersionRecord.functionID(urn, database)
            for tag in tags {
                try database.execute(
                    sql: "DELETE FROM tags WHERE function = ? AND key = ? AND (? = '' OR value = ?)",
                    arguments: [function, tag.key, tag.value, tag.value])
            }
        }
    }

    /// Every function of a project with its tags, the newest first.
    public func taggedFunctions(in project: ProjectID) throws -> [(function: Function, tags: [Tag])] {
        try database.read { database in
            let records = try VersionRecord.fetchAll(
                database,
                sql: """
                    \(VersionRecord.selection) WHERE functions.project = ? AND versions.name = 'latest'
                    ORDER BY functions.id DESC
                    """,
                arguments: [project.description])
            return try records.map { (try $0.function, try Self.tags(of: $0.functionID, database)) }
        }
    }

    private static func tags(of function: Int64, _ database: Database) throws -> [Tag] {
        try Row.fetchAll(
            database, sql: "SELECT key, value FROM tags WHERE function = ? ORDER BY key",
            arguments: [function]
        ).map { Tag(stored: $0["key"], $0["value"]) }
    }
}
