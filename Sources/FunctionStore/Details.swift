import FunctionGraph
import GRDB

/// Fetches what is attached to a version.
enum Details {
    static func of(_ record: VersionRecord, _ database: Database) throws -> FunctionDetail {
        let function = try record.function
        guard let id = record.id else { return FunctionDetail(function) }
        return try of(function, version: id, database)
    }

    static func of(_ function: Function, version: Int64, _ database: Database) throws -> FunctionDetail {
        FunctionDetail(
            function, dependencies: try dependencies(of: version, function, database),
            asyncConfiguration: try AsyncConfigurationTable.find(version, database),
            reserved: try ReservedInstancesTable.find(version: version, of: function, database))
    }

    private static func dependencies(
        of version: Int64, _ function: Function, _ database: Database
    ) throws -> [DependencyVersion] {
        guard !function.configuration.dependencies.ids.isEmpty else { return [] }
        let rows = try DependencyRecord.fetchAll(
            database,
            sql: """
                \(DependencyRecord.selection)
                JOIN attached_dependencies ON attached_dependencies.dependency_version = dependency_versions.id
                WHERE attached_dependencies.version = ? ORDER BY attached_dependencies.position
                """,
            arguments: [version])
        return try rows.map { try $0.version }
    }
}
