extension ZipReader {
    /// Reads everything once, as unpacking would, without writing anything.
    ///
    /// - Throws: `ZipError` for whatever would keep the archive from being unpacked.
    public func verify(limits: ExtractionLimits = ExtractionLimits()) throws(ZipError) {
        var budget = ExtractionBudget(limits)
        try budget.check(entries)
        var files: Set<[String]> = []
        for entry in entries where !entry.path.components.isEmpty && entry.kind != .directory {
            guard files.insert(entry.path.components).inserted else {
                throw .overlapping(entry.path.description)
            }
            try budget.takeFile()
            if entry.kind == .symbolicLink {
                _ = try linkTarget(of: entry)
            } else {
                try read(entry) { piece throws(ZipError) in try budget.take(piece.count) }
            }
        }
        for entry in entries {
            // What is a file for one entry cannot be a directory for another.
            let path = entry.path.components
            let ends = entry.kind == .directory ? 0...path.count : 0...max(0, path.count - 1)
            for end in ends where files.contains(Array(path[..<end])) {
                throw .overlapping(entry.path.description)
            }
        }
    }

    /// Where a symbolic link leads.
    ///
    /// - Throws: `ZipError.unsafeLink` when that is outside of the archive's root.
    func linkTarget(of entry: ZipEntry) throws(ZipError) -> String {
        let bytes = try contents(of: entry, limit: 4_095)
        guard let target = String(validating: bytes, as: UTF8.self), !bytes.contains(0),
            entry.path.staysInside(following: target)
        else { throw .unsafeLink(entry.path.description, target: String(decoding: bytes, as: UTF8.self)) }
        return target
    }
}

extension EntryPath {
    /// Whether a link that stands here, followed name by name, never leaves the root.
    func staysInside(following target: String) -> Bool {
        guard !target.isEmpty, !target.hasPrefix("/") else { return false }
        var depth = components.count - 1
        for component in target.split(separator: "/") where component != "." {
            depth += component == ".." ? -1 : 1
            if depth < 0 { return false }
        }
        return true
    }
}
