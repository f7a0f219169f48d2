import FunctionGraph
import ZipArchive

/// An archive that is imported, taken apart: code here, description there.
struct ImportedPackage {
    /// The description, if there is one.
    let description: FunctionDescription?
    /// The bytes of the code.
    let code: [UInt8]
    /// What they are.
    let form: CodeForm
    /// The runtime and the handler that the names of the files suggest.
    let inferred: (runtime: RuntimeLabel, handler: String)?

    /// Takes an archive apart.
    ///
    /// - Throws: `FGSError` FSS.1022 for several descriptions, FSS.1025, FSS.1057, FSS.1058; `ZipError`.
    init(_ archive: [UInt8]) throws {
        let reader = try ZipReader(BytesSource(archive))
        let files = reader.entries.filter { $0.kind == .file }
        let descriptions = files.filter { entry in
            let path = entry.path.description.lowercased()
            return !path.contains("/") && (path.hasSuffix(".yaml") || path.hasSuffix(".yml"))
        }
        guard descriptions.count <= 1 else {
            throw FGSError(
                .multipleYAMLFiles,
                "the archive holds \(descriptions.count) YAML files at its root; one is allowed")
        }
        guard let described = descriptions.first else {
            description = nil
            (code, form) = (archive, .archive)
            inferred = Self.infer(files.map(\.path.description))
            return
        }
        let description = try FunctionDescription(yaml: reader.contents(of: described, limit: 1 << 20))
        self.description = description
        let rest = files.filter { $0.path != described.path }
        inferred = Self.infer(rest.map(\.path.description))
        let isInline = description.members["code_type"]?.stringValue == CodeType.inline.rawValue
        if rest.count == 1, let only = rest.first, isInline || only.path.description.hasSuffix(".zip") {
            let bytes = try reader.contents(of: only, limit: CodeUpload.archiveLimit)
            let isArchive = bytes.starts(with: [0x50, 0x4B, 3, 4])
            (code, form) = (bytes, isArchive ? try CodeUpload.checked(bytes) : .source)
        } else {
            (code, form) = (try Self.archive(rest, reader), .archive)
        }
    }

    /// An archive of the files that are the code.
    private static func archive(_ entries: [ZipEntry], _ reader: ZipReader<BytesSource>) throws -> [UInt8] {
        var writer = ZipWriter(BytesSink())
        for entry in entries {
            try writer.add(
                entry.path, try reader.contents(of: entry, limit: Int(ExtractionLimits().bytes)),
                isExecutable: entry.permissions.map { $0 & 0o111 != 0 } ?? false)
        }
        try writer.finish()
        return writer.sink.bytes
    }

    private static let runtimes: [(suffix: String, runtime: RuntimeLabel)] = [
        (".py", .python39), (".js", .node16), (".php", .php73), (".jar", .java11),
    ]

    /// The single source file at the root, or the one called `index`, is where the handler is.
    private static func infer(_ paths: [String]) -> (RuntimeLabel, String)? {
        for (suffix, runtime) in runtimes {
            let sources = paths.filter { $0.hasSuffix(suffix) && !$0.contains("/") }
            guard let source = sources.first(where: { $0 == "index\(suffix)" }) ?? sources.first else {
                continue
            }
            if runtime == .java11 { return (runtime, "com.demo.TriggerTests.apigTest") }
            return (runtime, "\(source.dropLast(suffix.count)).handler")
        }
        return nil
    }
}
