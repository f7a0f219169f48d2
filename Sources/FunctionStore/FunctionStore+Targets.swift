import FunctionGraph
import GRDB

extension FunctionStore {
    /// What a URN leads invocations to.
    public struct InvocationTarget: Sendable {
        /// The alias, if the URN names one.
        public let alias: Alias?
        /// The version, or the alias's main one.
        public let main: FunctionDetail
        /// The alias's additional version.
        public let additional: FunctionDetail?
    }

    /// What a URN leads invocations to.
    ///
    /// - Throws: `FGSError` FSS.1051, FSS.1052 or FSS.1053.
    public func invocationTarget(_ urn: FunctionURN) throws -> InvocationTarget {
        try database.read { database in
            let record = try VersionRecord.find(urn, database)
            let main = try Details.of(record, database)
            let name: AliasName? =
                switch urn.qualifier {
                case .alias(let name): name
                // A name without the alias mark may be an alias all the same.
                case .version(let version) where version.description != record.name:
                    try? AliasName(version.description)
                case .version, .unspecified: nil
                }
            guard let name else { return InvocationTarget(alias: nil, main: main, additional: nil) }
            let alias = try AliasRecord.find(name, of: record.functionID, database).alias.get()
            let additional = try alias.additional.map { additional in
                try Details.of(
                    VersionRecord.find(urn.qualified(.version(additional.version)), database), database)
            }
            return InvocationTarget(alias: alias, main: main, additional: additional)
        }
    }
}
