import Foundation
import FunctionGraph
import GRDB

extension FunctionStore {
    /// An asynchronous invocation that was accepted.
    public struct AcceptedRequest: Sendable {
        /// The request id.
        public let id: String
        /// What was called, with the version or alias.
        public let target: FunctionURN
        /// The URN of the version that stands in lists, written out.
        public let functionURN: String
        /// The event.
        public let event: [UInt8]
        /// When it was accepted.
        public let acceptedAt: Timestamp
        /// The memory it asks for; nil for that of the function.
        public let memory: MemorySize?

        /// Names a request.
        public init(
            id: String, target: FunctionURN, functionURN: String, event: [UInt8], acceptedAt: Timestamp,
            memory: MemorySize?
        ) {
            self.id = id
            self.target = target
            self.functionURN = functionURN
            self.event = event
            self.acceptedAt = acceptedAt
            self.memory = memory
        }
    }

    /// What has become of an asynchronous invocation lately.
    public struct RequestProgress: Sendable {
        /// The request id.
        public let id: String
        /// Where it stands.
        public let status: AsyncStatus
        /// How many attempts have ended.
        public let attempts: Int
        /// 0, or the code of what went wrong.
        public let errorCode: Int
        /// What went wrong.
        public let errorMessage: String
        /// When it is to be tried again.
        public let dueAt: Timestamp
        /// When its first attempt began.
        public let startedAt: Timestamp?
        /// When its last attempt ended.
        public let endedAt: Timestamp?

        /// Names what has become of a request.
        public init(
            id: String, status: AsyncStatus, attempts: Int, errorCode: Int, errorMessage: String,
            dueAt: Timestamp,
            startedAt: Timestamp?, endedAt: Timestamp?
        ) {
            self.id = id
            self.status = status
            self.attempts = attempts
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.dueAt = dueAt
            self.startedAt = startedAt
            self.endedAt = endedAt
        }
    }

    /// An asynchronous invocation that has not come to its end, without its event.
    public struct UnfinishedRequest: Sendable {
        /// The request id.
        public let id: String
        /// What was called.
        public let target: FunctionURN
        /// The URN of the version that stands in lists.
        public let functionURN: String
        /// How many attempts have ended.
        public let attempts: Int
        /// When it was accepted.
        public let acceptedAt: Timestamp
        /// When it is to be tried.
        public let dueAt: Timestamp
        /// The memory it asks for; nil for that of the function.
        public let memory: MemorySize?
    }

    /// Keeps requests that are being accepted, and what has become of others: one transaction for all of them.
    public func write(accepted: [AcceptedRequest], progress: [RequestProgress]) throws {
        try database.write { database in
            let insert = try database.cachedStatement(
                sql: """
                    INSERT INTO async_requests
                    (id, project, target, function_urn, event, status, accepted_at, due_at, memory)
                    VALUES (?, ?, ?, ?, ?, 'WAIT', ?, ?, ?)
                    """)
            for request in accepted {
                try insert.execute(arguments: [
                    request.id, request.target.project.description, request.target.description,
                    request.functionURN, Data(request.event), request.acceptedAt.milliseconds,
                    request.acceptedAt.milliseconds, request.memory?.megabytes,
                ])
            }
            let update = try database.cachedStatement(
                sql: """
                    UPDATE async_requests SET status = ?, attempts = ?, error_code = ?, error_message = ?, due_at = ?,
                    started_at = ?, ended_at = ?, event = CASE WHEN ? THEN x'' ELSE event END WHERE id = ?
                    """)
            for item in progress {
                try update.execute(arguments: [
                    item.status.rawValue, item.attempts, item.errorCode, item.errorMessage,
                    item.dueAt.milliseconds, item.startedAt?.milliseconds, item.endedAt?.milliseconds,
                    item.status.isFinal, item.id,
                ])
            }
        }
    }

    /// The requests that have not come to their end, in the order in which they were accepted.
    public func unfinishedRequests(region: String) throws -> [UnfinishedRequest] {
        try database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT id, project, target, function_urn, attempts, accepted_at, due_at, memory
                    FROM async_requests
                    WHERE status IN ('WAIT', 'RUNNING') ORDER BY accepted_at, rowid
                    """
            ).map { row in
                UnfinishedRequest(
                    id: row["id"],
                    target: try FunctionURN(row["target"], in: ProjectID(row["project"]), region: region),
                    functionURN: row["function_urn"], attempts: row["attempts"],
                    acceptedAt: Timestamp(milliseconds: row["accepted_at"]),
                    dueAt: Timestamp(milliseconds: row["due_at"]),
                    memory: (row["memory"] as Int?).flatMap(MemorySize.init(rawValue:)))
            }
        }
    }

    /// The event of a request; empty when it is gone.
    public func asyncEvent(_ id: String) throws -> [UInt8] {
        try database.read { database in
            let event = try Data.fetchOne(
                database, sql: "SELECT event FROM async_requests WHERE id = ?", arguments: [id])
            return event.map { [UInt8]($0) } ?? []
        }
    }

    /// Which asynchronous invocations a list shows.
    public struct AsyncRequestFilter: Sendable {
        /// One request.
        public var requestID: String?
        /// Those that stand there.
        public var status: AsyncStatus?
        /// Those that were accepted no earlier.
        public var since: Timestamp
        /// Those that were accepted no later.
        public var until: Timestamp
        /// Those that come after this one in the list.
        public var after: String?

        /// Names a time, and nothing else.
        public init(since: Timestamp, until: Timestamp) {
            self.since = since
            self.until = until
        }
    }

    /// A page of the asynchronous invocations of a function, whatever its version, the newest first.
    ///
    /// - Throws: `FGSError` FSS.0404 when there is no such function.
    public func asyncRequests(
        of urn: FunctionURN, _ filter: AsyncRequestFilter, _ page: Page
    ) throws -> (page: [AsyncRequest], total: Int) {
        let prefix = Self.prefix(of: urn)
        return try database.read { database in
            do {
                _ = try VersionRecord.functionID(urn, database)
            } catch let error as FGSError {
                throw FGSError(.notFound, "can not find function: \(error.message)")
            }
            let condition = """
                project = :project AND substr(function_urn, 1, :length) = :prefix
                AND accepted_at BETWEEN :since AND :until
                AND (:id IS NULL OR id = :id) AND (:status IS NULL OR status = :status)
                AND (:after IS NULL OR rowid < (SELECT rowid FROM async_requests WHERE id = :after))
                """
            let arguments: StatementArguments = [
                "project": urn.project.description, "length": prefix.count, "prefix": prefix,
                "since": filter.since.milliseconds, "until": filter.until.milliseconds,
                "id": filter.requestID,
                "status": filter.status?.rawValue, "after": filter.after,
            ]
            let total = try Int.fetchOne(
                database, sql: "SELECT COUNT(*) FROM async_requests WHERE \(condition)", arguments: arguments)
            let rows = try Row.fetchAll(
                database,
                sql:
                    "SELECT * FROM async_requests WHERE \(condition) ORDER BY rowid DESC LIMIT :limit OFFSET :offset",
                arguments: arguments + ["limit": page.limit, "offset": page.offset])
            return (rows.map(Self.asyncRequest), total ?? 0)
        }
    }

    /// Whether an asynchronous invocation of a function, whatever its version, is known by an id.
    public func hasAsyncRequest(_ id: String, of urn: FunctionURN) throws -> Bool {
        try database.read { database in
            let called = try String.fetchOne(
                database, sql: "SELECT function_urn FROM async_requests WHERE id = ? AND project = ?",
                arguments: [id, urn.project.description])
            return called?.hasPrefix(Self.prefix(of: urn)) ?? false
        }
    }

    /// How the URNs of a function's versions begin.
    private static func prefix(of urn: FunctionURN) -> String {
        urn.qualified(.unspecified).description + ":"
    }

    /// Forgets requests that ended before a time, the oldest first, some at a time so that no other write waits long.
    ///
    /// - Returns: Whether there may be more of them.
    public func pruneAsyncRequests(before time: Timestamp) throws -> Bool {
        try database.write { database in
            try database.execute(
                sql: """
                    DELETE FROM async_requests WHERE ended_at < ?
                    AND rowid IN (SELECT rowid FROM async_requests ORDER BY rowid LIMIT 1000)
                    """, arguments: [time.milliseconds])
            return database.changesCount > 0
        }
    }

    private static func asyncRequest(_ row: Row) -> AsyncRequest {
        func time(_ column: String) -> Timestamp? {
            (row[column] as Int64?).map { Timestamp(milliseconds: $0) }
        }
        return AsyncRequest(
            id: row["id"], functionURN: row["function_urn"],
            status: AsyncStatus(rawValue: row["status"]) ?? .failed, errorCode: row["error_code"],
            errorMessage: row["error_message"], acceptedAt: Timestamp(milliseconds: row["accepted_at"]),
            startedAt: time("started_at"), endedAt: time("ended_at"))
    }
}
