import FunctionGraph
import GRDB

/// A row of the table of dependency versions, with the row of its dependency.
struct DependencyRecord: FetchableRecord {
    private let row: Row

    /// The beginning of a query for rows of this kind.
    static let selection = """
        SELECT dependency_versions.*, dependencies.name AS name
        FROM dependency_versions JOIN dependencies ON dependencies.id = dependency_versions.dependency
        """

    init(row: Row) {
        self.row = row.copy()
    }

    /// The version itself.
    ///
    /// - Throws: `FGSError` when the row holds something that this version of the emulator cannot read.
    var version: DependencyVersion {
        get throws {
            guard let id = Identifier(row["id"]), let dependency = Identifier(row["dependency"]) else {
                throw FGSError(.internalError, "a stored dependency cannot be read")
            }
            let description: String = row["description"]
            return DependencyVersion(
                id: id, dependencyID: dependency, number: row["version"],
                name: try DependencyName(row["name"]),
                runtime: try RuntimeLabel(row["runtime"]),
                description: description.isEmpty ? nil : try Description(description), link: row["link"],
                fileName: row["file_name"], etag: row["etag"], size: row["size"], digest: row["digest"],
                lastModified: Timestamp(milliseconds: row["modified_at"]))
        }
    }
}
