import FunctionGraph
import GRDB
import JSON

/// A row of the table of versions, with the row of its function.
struct VersionRecord: FetchableRecord {
    let id: Int64?
    let functionID: Int64
    let name: String
    let digest: String

    private let identity: (id: String, project: String, package: String, name: String)
    private let description: String
    private let configuration: String
    private let code: String
    private let imageName: String
    private let modifiedAt: Int64
    /// The ids of the dependency versions that a new state uses; unknown for a row that was read.
    private let dependencies: [String]

    /// The beginning of a query for rows of this kind.
    static let selection = """
        SELECT versions.*, functions.func_id, functions.project, functions.package, functions.name AS function_name
        FROM functions JOIN versions ON versions.function = functions.id
        """

    init(row: Row) {
        id = row["id"]
        functionID = row["function"]
        name = row["name"]
        digest = row["digest"]
        identity = (row["func_id"], row["project"], row["package"], row["function_name"])
        description = row["description"]
        configuration = row["configuration"]
        code = row["code"]
        imageName = row["image_name"]
        modifiedAt = row["modified_at"]
        dependencies = []
    }

    /// The row of a version.
    ///
    /// - Parameters:
    ///   - functionID: The row of its function.
    ///   - id: Its own row; nil for a new one.
    init(_ function: Function, of functionID: Int64, id: Int64? = nil) {
        self.id = id
        self.functionID = functionID
        name = function.version.description
        digest = function.code.digest
        identity = (
            function.id.description, function.project.description, function.package.description,
            function.name.description
        )
        description = function.versionDescription
        configuration = JSONValue.object(function.configuration.stored).text
        code = JSONValue.object(StoredCode.object(function.code)).text
        imageName = function.imageName.description
        modifiedAt = function.lastModified.milliseconds
        dependencies = function.configuration.dependencies.ids
    }

    /// The version itself.
    ///
    /// - Throws: `FGSError` FSS.0500 when the row holds something that this version of the emulator cannot read.
    var function: Function {
        get throws {
            guard let id = Identifier(identity.id),
                let code = try JSONValue(parsing: code).objectValue
            else { throw FGSError(.internalError, "the stored function \(identity.name) cannot be read") }
            return Function(
                id: id, project: try ProjectID(identity.project), package: try PackageName(identity.package),
                name: try FunctionName(identity.name), version: try VersionName(name),
                versionDescription: description,
                configuration: try ConfigurationCache.configuration(configuration),
                code: try StoredCode.code(code, digest: digest), imageName: ImageName(stored: imageName),
                lastModified: Timestamp(milliseconds: modifiedAt))
        }
    }

    /// Finds the version that a URN names.
    ///
    /// - Throws: `FGSError` FSS.1051, FSS.1052 or FSS.1053.
    static func find(_ urn: FunctionURN, _ database: Database) throws -> VersionRecord {
        let function = try functionID(urn, database)
        switch urn.qualifier {
        case .unspecified: return try version(VersionName.latest.description, of: function, database)
        case .alias(let alias):
            guard let found = try aliased(alias.description, of: function, database) else {
                throw FGSError(.aliasNotFound, "Not found the function alias \(alias)")
            }
            return found
        case .version(let name):
            // A name without the alias mark may be an alias all the same.
            do {
                return try version(name.description, of: function, database)
            } catch {
                guard let found = try aliased(name.description, of: function, database) else { throw error }
                return found
            }
        }
    }

    /// The row of the function that a URN names, whatever its version.
    ///
    /// - Throws: `FGSError` FSS.1051.
    static func functionID(_ urn: FunctionURN, _ database: Database) throws -> Int64 {
        let function = try Int64.fetchOne(
            database.cachedStatement(
                sql: "SELECT id FROM functions WHERE project = ? AND package = ? AND name = ?"),
            arguments: [urn.project.description, urn.package.description, urn.name.description])
        guard let function else {
            throw FGSError(.functionNotFound, "Not found the function \(urn.package):\(urn.name)")
        }
        return function
    }

    /// The row of a version.
    ///
    /// - Throws: `FGSError` FSS.1052.
    static func versionID(_ name: VersionName, of function: Int64, _ database: Database) throws -> Int64 {
        let version = try Int64.fetchOne(
            database, sql: "SELECT id FROM versions WHERE function = ? AND name = ?",
            arguments: [function, name.description])
        guard let version else { throw FGSError(.versionNotFound, "Not found the function version \(name)") }
        return version
    }

    func insert(_ database: Database) throws {
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO versions
                (function, name, description, configuration, code, digest, image_name, modified_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try insert.execute(
            arguments: [functionID, name, description, configuration, code, digest, imageName, modifiedAt])
        try attachDependencies(to: database.lastInsertedRowID, database)
    }

    func update(_ database: Database) throws {
        let update = try database.cachedStatement(
            sql: """
                UPDATE versions SET description = ?, configuration = ?, code = ?, digest = ?, image_name = ?,
                modified_at = ? WHERE id = ?
                """)
        try update.execute(
            arguments: [description, configuration, code, digest, imageName, modifiedAt, id])
        guard let id else { return }
        try database.cachedStatement(sql: "DELETE FROM attached_dependencies WHERE version = ?")
            .execute(arguments: [id])
        try attachDependencies(to: id, database)
    }

    /// Keeps which dependency versions a version, which has none, uses, so that they cannot be deleted.
    ///
    /// - Throws: `FGSError` FSS.1056 for one that does not exist in the project.
    private func attachDependencies(to version: Int64, _ database: Database) throws {
        for (position, id) in dependencies.enumerated() {
            try database.execute(
                sql: """
                    INSERT INTO attached_dependencies (version, position, dependency_version)
                    SELECT ?, ?, dependency_versions.id FROM dependency_versions
                    JOIN dependencies ON dependencies.id = dependency_versions.dependency
                    WHERE dependency_versions.id = ? AND dependencies.project = ?
                    """,
                arguments: [version, position, id, identity.project])
            guard database.changesCount == 1 else {
                throw FGSError(.dependencyNotFound, "the dependency version \(id) does not exist")
            }
        }
    }

    /// Deletes this version, with the aliases that name it.
    ///
    /// - Throws: `FGSError` FSS.1015 for `latest`, FSS.1094 when an alias sends part of its calls to it.
    func deleteVersion(_ database: Database) throws {
        guard name != VersionName.latest.description else {
            throw FGSError(.invalidVersion, "latest cannot be deleted by itself; delete the whole function")
        }
        let alias = try String.fetchOne(
            database, sql: "SELECT name FROM aliases WHERE additional_version = ?", arguments: [id])
        if let alias {
            throw FGSError(
                .versionIsAdditional, "the alias \(alias) sends part of its calls to version \(name)")
        }
        try database.execute(
            sql: "DELETE FROM triggers WHERE alias IN (SELECT id FROM aliases WHERE version = ?)",
            arguments: [id])
        try database.execute(sql: "DELETE FROM aliases WHERE version = ?", arguments: [id])
        try database.execute(sql: "DELETE FROM versions WHERE id = ?", arguments: [id])
    }

    private static func version(_ name: String, of function: Int64, _ database: Database) throws
        -> VersionRecord
    {
        let record = try VersionRecord.fetchOne(
            database.cachedStatement(sql: "\(selection) WHERE functions.id = ? AND versions.name = ?"),
            arguments: [function, name])
        guard let record else { throw FGSError(.versionNotFound, "Not found the function version \(name)") }
        return record
    }

    private static func aliased(_ alias: String, of function: Int64, _ database: Database) throws
        -> VersionRecord?
    {
        try VersionRecord.fetchOne(
            database,
            sql:
                "\(selection) JOIN aliases ON aliases.version = versions.id WHERE functions.id = ? AND aliases.name = ?",
            arguments: [function, alias])
    }
}
