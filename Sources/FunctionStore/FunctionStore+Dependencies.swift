import FunctionGraph
import GRDB

extension FunctionStore {
    /// Which dependencies a list shows.
    public struct DependencyFilter: Sendable {
        /// A part of the name.
        public var name: String?
        /// The runtime; blanks and letter case do not matter.
        public var runtime: String?

        /// No restriction but these.
        public init(name: String?, runtime: String?) {
            self.name = name
            self.runtime = runtime
        }
    }

    /// A page of the dependencies of a project in the order in which they were made, each in its newest version.
    public func dependencies(
        in project: ProjectID, _ filter: DependencyFilter, _ page: Page
    ) throws -> (page: [DependencyVersion], total: Int) {
        try database.read { database in
            let records = try DependencyRecord.fetchAll(
                database,
                sql: """
                    \(DependencyRecord.selection) WHERE dependencies.project = :project
                    AND dependency_versions.version =
                        (SELECT MAX(v.version) FROM dependency_versions v WHERE v.dependency = dependencies.id)
                    AND (:name IS NULL OR instr(lower(dependencies.name), lower(:name)) > 0)
                    AND (:runtime IS NULL
                        OR lower(replace(dependency_versions.runtime, ' ', '')) = lower(replace(:runtime, ' ', '')))
                    ORDER BY dependencies.rowid
                    """,
                arguments: ["project": project.description, "name": filter.name, "runtime": filter.runtime])
            return (
                try records.dropFirst(page.offset).prefix(page.limit).map { try $0.version }, records.count
            )
        }
    }

    /// A page of the versions of a dependency, the newest first.
    ///
    /// - Throws: `FGSError` FSS.1056.
    public func dependencyVersions(
        of dependency: String, in project: ProjectID, _ page: Page
    ) throws -> (page: [DependencyVersion], total: Int) {
        try database.read { database in
            let records = try DependencyRecord.fetchAll(
                database,
                sql: """
                    \(DependencyRecord.selection) WHERE dependencies.id = ? AND dependencies.project = ?
                    ORDER BY dependency_versions.version DESC
                    """,
                arguments: [dependency, project.description])
            guard !records.isEmpty else { throw Self.noDependency(dependency) }
            return (
                try records.dropFirst(page.offset).prefix(page.limit).map { try $0.version }, records.count
            )
        }
    }

    /// One version of a dependency.
    ///
    /// - Throws: `FGSError` FSS.1056.
    public func dependencyVersion(
        _ number: Int, of dependency: String, in project: ProjectID
    ) throws -> DependencyVersion {
        try database.read { try Self.dependencyVersion(number, of: dependency, in: project, $0) }
    }

    /// Keeps a new version of the dependency of a name, which comes into being with its first version.
    ///
    /// - Parameters:
    ///   - archive: Its bytes; nil if they could not be fetched.
    ///   - make: Makes the version, given the dependency's id (nil for a new one) and the version's number.
    /// - Throws: `FGSError` FSS.1065 when the dependency is for another runtime, FSS.1042 beyond the quota of code.
    public func createDependencyVersion(
        of name: DependencyName, for runtime: RuntimeLabel, in project: ProjectID, archive: [UInt8]?,
        _ make: (_ dependency: Identifier?, _ number: Int) throws -> DependencyVersion
    ) throws -> DependencyVersion {
        try database.write { database in
            let newest = try DependencyRecord.fetchOne(
                database,
                sql: """
                    \(DependencyRecord.selection) WHERE dependencies.project = ? AND dependencies.name = ?
                    ORDER BY dependency_versions.version DESC
                    """,
                arguments: [project.description, name.description])?.version
            if let newest, newest.runtime != runtime {
                throw FGSError(
                    .dependencyExists, "the dependency \(name) exists already, for \(newest.runtime.rawValue)"
                )
            }
            let version = try make(newest?.dependencyID, (newest?.number ?? 0) + 1)
            if newest == nil {
                try database.execute(
                    sql: "INSERT INTO dependencies (id, project, name) VALUES (?, ?, ?)",
                    arguments: [version.dependencyID.description, project.description, name.description])
            }
            if let archive, let digest = version.digest {
                try CodeTable.insert(archive, digest: digest, project: project, database)
            }
            try Self.insert(version, database)
            return version
        }
    }

    /// Deletes a version of a dependency; with the last one the dependency goes.
    ///
    /// - Throws: `FGSError` FSS.1056, FSS.1033 while a function uses it.
    public func deleteDependencyVersion(_ number: Int, of dependency: String, in project: ProjectID) throws {
        try database.write { database in
            let version = try Self.dependencyVersion(number, of: dependency, in: project, database)
            let user = try String.fetchOne(
                database,
                sql: """
                    SELECT functions.name || ':' || versions.name FROM attached_dependencies
                    JOIN versions ON versions.id = attached_dependencies.version
                    JOIN functions ON functions.id = versions.function
                    WHERE attached_dependencies.dependency_version = ?
                    """,
                arguments: [version.id.description])
            if let user {
                throw FGSError(.dependencyInUse, "the dependency version is in use, by \(user) for one")
            }
            try database.execute(
                sql: "DELETE FROM dependency_versions WHERE id = ?", arguments: [version.id.description])
            try database.execute(
                sql: """
                    DELETE FROM dependencies WHERE id = ?
                    AND NOT EXISTS (SELECT 1 FROM dependency_versions WHERE dependency = dependencies.id)
                    """,
                arguments: [dependency])
            if let digest = version.digest { try announceUnused([digest], database) }
        }
    }

    private static func insert(_ version: DependencyVersion, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO dependency_versions
                (id, dependency, version, runtime, description, file_name, link, etag, size, digest, modified_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                version.id.description, version.dependencyID.description, version.number,
                version.runtime.rawValue,
                version.description?.description ?? "", version.fileName, version.link, version.etag,
                version.size,
                version.digest, version.lastModified.milliseconds,
            ])
    }

    private static func dependencyVersion(
        _ number: Int, of dependency: String, in project: ProjectID, _ database: Database
    ) throws -> DependencyVersion {
        let record = try DependencyRecord.fetchOne(
            database,
            sql: """
                \(DependencyRecord.selection)
                WHERE dependencies.id = ? AND dependencies.project = ? AND dependency_versions.version = ?
                """,
            arguments: [dependency, project.description, number])
        guard let record else { throw noDependency("\(dependency), version \(number)") }
        return try record.version
    }

    private static func noDependency(_ name: String) -> FGSError {
        FGSError(.dependencyNotFound, "the dependency \(name.prefix(80)) does not exist")
    }
}
