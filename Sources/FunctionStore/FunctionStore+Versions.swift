import FunctionGraph
import GRDB

extension FunctionStore {
    /// The most versions a function may have, `latest` among them (user manual).
    public static let maximumVersions = 20

    /// A page of the versions of a function: `latest`, then the newest.
    ///
    /// - Parameter urn: Its version does not matter.
    /// - Throws: `FGSError` FSS.1051.
    public func versions(of urn: FunctionURN, _ page: Page) throws -> (page: [FunctionDetail], total: Int) {
        try database.read { database in
            let function = try VersionRecord.functionID(urn, database)
            let total = try Int.fetchOne(
                database, sql: "SELECT COUNT(*) FROM versions WHERE function = ?", arguments: [function])
            let records = try VersionRecord.fetchAll(
                database,
                sql: """
                    \(VersionRecord.selection) WHERE functions.id = ?
                    ORDER BY versions.name = 'latest' DESC, versions.id DESC LIMIT ? OFFSET ?
                    """,
                arguments: [function, page.limit, page.offset])
            return (try records.map { try Details.of($0, database) }, total ?? 0)
        }
    }

    /// Keeps `latest` as it is under another name.
    ///
    /// - Parameters:
    ///   - name: The name; nil for one made of the time, which is made unique.
    ///   - description: What is said about the version.
    /// - Throws: `FGSError` FSS.1051, FSS.1062 when there is a version of the name, FSS.1016 when nothing has changed
    ///   since the last version, FSS.0403 when there are as many as there may be.
    public func publish(
        _ urn: FunctionURN, as name: VersionName?, description: Description?, at now: Timestamp,
        random: UInt64
    ) throws -> FunctionDetail {
        try database.write { database in
            let latest = try VersionRecord.find(urn.qualified(.latest), database)
            let names = try String.fetchAll(
                database, sql: "SELECT name FROM versions WHERE function = ? ORDER BY id DESC",
                arguments: [latest.functionID])
            if let name, names.contains(name.description) {
                throw FGSError(.versionExists, "the version \(name) exists already")
            }
            guard names.count < Self.maximumVersions else {
                throw FGSError(
                    .forbidden, "the function has \(Self.maximumVersions) versions, which is all it may have")
            }
            let function = try latest.function
            if let newest = names.first(where: { $0 != VersionName.latest.description }),
                try VersionRecord.find(urn.qualified(.version(VersionName(newest))), database).function
                    .hasSameContent(as: function)
            {
                throw FGSError(.versionUnchanged, "nothing has changed since version \(newest) was published")
            }
            announce(.routing(urn), database)
            let version = name ?? Self.unused(VersionName(publishedAt: now), names)
            let published = function.published(as: version, description: description, at: now, random: random)
            try VersionRecord(published, of: latest.functionID).insert(database)
            return try Details.of(published, version: database.lastInsertedRowID, database)
        }
    }

    /// Several versions can be published in one second.
    private static func unused(_ name: VersionName, _ names: [String]) -> VersionName {
        guard names.contains(name.description) else { return name }
        return (1...maximumVersions).lazy.compactMap { try? VersionName("\(name)-\($0)") }
            .first { !names.contains($0.description) } ?? name
    }
}
