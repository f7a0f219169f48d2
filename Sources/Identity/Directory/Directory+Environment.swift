extension Directory {
    /// Enters users given as `name:password`, as environment variables list them.
    ///
    /// - Parameter source: The name of the list, for errors.
    /// - Throws: `DirectoryError` for the first entry that is wrong.
    mutating func add(users entries: [String], from source: String) throws(DirectoryError) {
        try Self.forEachPair(of: entries, from: source, expected: "name:password") {
            name,
            password throws(DirectoryProblem) in
            try add(user: name, password: password, projects: nil)
        }
    }

    /// Enters access keys given as `access:secret`.
    ///
    /// - Parameter source: The name of the list, for errors.
    /// - Throws: `DirectoryError` for the first entry that is wrong.
    mutating func add(accessKeys entries: [String], from source: String) throws(DirectoryError) {
        try Self.forEachPair(of: entries, from: source, expected: "access:secret") {
            id,
            secret throws(DirectoryProblem) in
            try add(accessKey: id, secret: secret)
        }
    }

    private static func forEachPair(
        of entries: [String],
        from source: String,
        expected: String,
        _ enter: (String, String) throws(DirectoryProblem) -> Void
    ) throws(DirectoryError) {
        for (index, entry) in entries.enumerated() {
            do throws(DirectoryProblem) {
                // A secret may hold colons, a name may not.
                let parts = entry.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2 else { throw .wrongShape(expected: expected) }
                try enter(String(parts[0].drop { $0 == " " }), String(parts[1]))
            } catch {
                throw DirectoryError(place: "\(source), entry \(index + 1)", problem: error)
            }
        }
    }
}
