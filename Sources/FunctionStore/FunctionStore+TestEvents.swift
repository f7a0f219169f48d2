import FunctionGraph
import GRDB

extension FunctionStore {
    /// The test events of a function in the order in which they were made.
    ///
    /// - Parameter urn: Its version does not matter, here and in the other methods for test events.
    /// - Throws: `FGSError` FSS.1051.
    public func testEvents(of urn: FunctionURN) throws -> [TestEvent] {
        try database.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM test_events WHERE function = ? ORDER BY rowid",
                arguments: [VersionRecord.functionID(urn, database)]
            ).map(Self.testEvent)
        }
    }

    /// One test event.
    ///
    /// - Throws: `FGSError` FSS.1051, FSS.1070.
    public func testEvent(_ id: String, of urn: FunctionURN) throws -> TestEvent {
        try database.read { try Self.testEvent(id, of: VersionRecord.functionID(urn, $0), $0) }
    }

    /// Keeps a new test event.
    ///
    /// - Throws: `FGSError` FSS.1051, FSS.1073 when there is one of its name, FSS.1068 beyond the quota.
    public func create(_ event: TestEvent, of urn: FunctionURN) throws {
        try database.write { database in
            let function = try VersionRecord.functionID(urn, database)
            let names = try String.fetchAll(
                database, sql: "SELECT name FROM test_events WHERE function = ?", arguments: [function])
            guard !names.contains(event.name.description) else {
                throw FGSError(.testEventExists, "the test event \(event.name) exists already")
            }
            guard names.count < TestEvent.maximumCount else {
                throw FGSError(
                    .testEventQuotaExceeded,
                    "the function has \(TestEvent.maximumCount) test events, which is all it may have")
            }
            try database.execute(
                sql:
                    "INSERT INTO test_events (id, function, name, content, modified_at) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    event.id.description, function, event.name.description, event.content,
                    event.lastModified.milliseconds,
                ])
        }
    }

    /// Changes a test event.
    ///
    /// - Parameter change: Makes the new state of the old one.
    /// - Throws: `FGSError` FSS.1051, FSS.1070, and what `change` throws.
    public func updateTestEvent(
        _ id: String, of urn: FunctionURN, _ change: (TestEvent) throws -> TestEvent
    ) throws -> TestEvent {
        try database.write { database in
            let function = try VersionRecord.functionID(urn, database)
            let event = try change(Self.testEvent(id, of: function, database))
            try database.execute(
                sql: "UPDATE test_events SET content = ?, modified_at = ? WHERE id = ?",
                arguments: [event.content, event.lastModified.milliseconds, id])
            return event
        }
    }

    /// Deletes a test event.
    ///
    /// - Throws: `FGSError` FSS.1051, FSS.1070.
    public func deleteTestEvent(_ id: String, of urn: FunctionURN) throws {
        try database.write { database in
            _ = try Self.testEvent(id, of: VersionRecord.functionID(urn, database), database)
            try database.execute(sql: "DELETE FROM test_events WHERE id = ?", arguments: [id])
        }
    }

    private static func testEvent(_ id: String, of function: Int64, _ database: Database) throws -> TestEvent
    {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM test_events WHERE id = ? AND function = ?",
            arguments: [id, function])
        guard let row else {
            throw FGSError(.testEventNotFound, "the test event '\(id.prefix(80))' does not exist")
        }
        return try testEvent(row)
    }

    private static func testEvent(_ row: Row) throws -> TestEvent {
        guard let id = Identifier(row["id"]) else {
            throw FGSError(.internalError, "a stored test event cannot be read")
        }
        return TestEvent(
            id: id, name: try TestEventName(row["name"]), content: row["content"],
            lastModified: Timestamp(milliseconds: row["modified_at"]))
    }
}
