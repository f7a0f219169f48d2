import FunctionGraph
import GRDB

extension FunctionStore {
    /// The configuration of a version's asynchronous invocations, and the version's URN.
    ///
    /// - Throws: `FGSError` FSS.1051 to FSS.1053, FSS.0404 when there is no configuration.
    public func asyncConfiguration(of urn: FunctionURN) throws -> (FunctionURN, AsyncConfiguration) {
        try database.read { database in
            let record = try VersionRecord.find(urn, database)
            guard let id = record.id, let found = try AsyncConfigurationTable.find(id, database) else {
                throw FGSError(.notFound, "asynchronous invocations of \(urn) are not configured")
            }
            return (try record.function.urn(in: urn.region), found)
        }
    }

    /// Sets the configuration of a version's asynchronous invocations.
    ///
    /// - Parameter make: Makes it; given when the one that is replaced was made.
    /// - Throws: `FGSError` FSS.1051 to FSS.1053, FSS.0426 for functions that serve HTTP, and what `make` throws.
    public func setAsyncConfiguration(
        of urn: FunctionURN, _ make: (_ createdAt: Timestamp?) throws -> AsyncConfiguration
    ) throws -> (FunctionURN, AsyncConfiguration) {
        try database.write { database in
            announce(.routing(urn), database)
            let record = try VersionRecord.find(urn, database)
            guard let id = record.id else { throw FGSError(.internalError) }
            let function = try record.function
            guard function.configuration.runtime.family != .http else {
                throw FGSError(.upgradeRequired, "HTTP functions cannot be invoked asynchronously")
            }
            let configuration = try make(AsyncConfigurationTable.find(id, database)?.createdAt)
            try AsyncConfigurationTable.replace(configuration, of: id, database)
            return (function.urn(in: urn.region), configuration)
        }
    }

    /// Deletes the configuration of a version's asynchronous invocations.
    ///
    /// - Throws: `FGSError` FSS.1051 to FSS.1053, FSS.0404 when there is none.
    public func deleteAsyncConfiguration(of urn: FunctionURN) throws {
        try database.write { database in
            announce(.routing(urn), database)
            let record = try VersionRecord.find(urn, database)
            try database.execute(
                sql: "DELETE FROM async_configurations WHERE version = ?", arguments: [record.id])
            guard database.changesCount == 1 else {
                throw FGSError(.notFound, "asynchronous invocations of \(urn) are not configured")
            }
        }
    }

    /// A page of the configurations of all versions of a function, `latest` first, then the newest.
    ///
    /// - Throws: `FGSError` FSS.1051.
    public func asyncConfigurations(
        of urn: FunctionURN, _ page: Page
    ) throws -> (page: [(FunctionURN, AsyncConfiguration)], total: Int) {
        try database.read { database in
            let function = try VersionRecord.functionID(urn, database)
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT async_configurations.*, versions.name AS version_name FROM async_configurations
                    JOIN versions ON versions.id = async_configurations.version WHERE versions.function = ?
                    ORDER BY versions.name = 'latest' DESC, versions.id DESC
                    """,
                arguments: [function])
            let items = try rows.dropFirst(page.offset).prefix(page.limit).map { row in
                (
                    urn.qualified(.version(try VersionName(row["version_name"]))),
                    try AsyncConfigurationTable.configuration(row)
                )
            }
            return (items, rows.count)
        }
    }
}
