import FunctionGraph
import GRDB

extension FunctionStore {
    /// Deletes everything: functions with all that belongs to them, dependencies, requests and figures.
    ///
    /// - Parameter region: The region of the URNs of which the observer is told.
    public func reset(region: String) throws {
        try database.write { database in
            let functions = try Row.fetchAll(database, sql: "SELECT project, package, name FROM functions")
            for row in functions {
                announce(
                    .deleted(
                        FunctionURN(
                            region: region, project: try ProjectID(row["project"]),
                            package: try PackageName(row["package"]), name: try FunctionName(row["name"]),
                            qualifier: .unspecified)), database)
            }
            for table in [
                "functions", "dependencies", "async_requests", "metrics", "lts_projects", "code",
            ] {
                try database.execute(sql: "DELETE FROM \(table)")
            }
        }
    }
}
