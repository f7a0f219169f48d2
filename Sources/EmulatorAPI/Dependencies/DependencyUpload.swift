import FunctionGraph
import JSON
import ZipArchive

/// A version of a dependency as a request brings it: decoded and checked.
struct DependencyUpload: Sendable {
    /// The dependency's name.
    let name: DependencyName
    /// The runtime it is for.
    let runtime: RuntimeLabel
    /// Its archive; nil if that could not be fetched.
    let archive: [UInt8]?
    private let description: Description?
    private let link: String

    /// The largest archive a request may bring, in bytes (API reference).
    private static let limit = 40 << 20

    /// Reads the body of D-2.
    ///
    /// - Throws: `FGSError`: FSS.1032 for the type, FSS.1024 for the name and for files that a dependency must not
    ///   have, FSS.1005, FSS.1019, FSS.1010, FSS.1011, FSS.1012 and FSS.1071.
    init(_ body: JSONObject, from source: CodeSource) throws {
        name = try DependencyName(body.required("name", or: .invalidDependency))
        runtime = try RuntimeLabel(body.required("runtime", or: .invalidRuntime))
        description = try body.optionalText("description", or: .descriptionTooLong).map {
            text throws(FGSError) in
            try Description(text)
        }
        switch body["depend_type"]?.stringValue {
        case "zip":
            link = ""
            let text = try body.required("depend_file", or: .codeRequired)
            let bytes = try EncodedArchive.decode(
                text, of: "depend_file", limit: Self.limit, or: .invalidCode, tooLarge: .codePackageTooLarge)
            try Self.check(bytes)
            archive = bytes
        case "obs":
            let address = try CodeAddress(body.required("depend_link", or: .invalidURL), of: "depend_link")
            link = address.description
            // A link that leads nowhere now is kept all the same.
            if case .success(let bytes) = source.fetch(address), (try? Self.check(bytes)) != nil {
                archive = bytes
            } else {
                archive = nil
            }
        default:
            throw FGSError(.invalidDependencyType, "depend_type must be zip or obs")
        }
    }

    /// The version, once it is known which one it is.
    func version(_ number: Int, of dependency: Identifier, id: Identifier, at now: Timestamp)
        -> DependencyVersion
    {
        DependencyVersion(
            id: id, dependencyID: dependency, number: number, name: name, runtime: runtime,
            description: description, link: link,
            fileName: link.split(separator: "/").last.map(String.init) ?? "\(name).zip",
            etag: Digest.md5(archive ?? Array(link.utf8)), size: archive?.count ?? 0,
            digest: archive.map(Digest.sha512), lastModified: now)
    }

    private static func check(_ bytes: [UInt8]) throws(FGSError) {
        _ = try CodeUpload.checked(bytes, limit: CodeSource.limit)
        let entries = (try? ZipReader(BytesSource(bytes)).entries) ?? []
        for entry in entries where entry.path.description.hasSuffix("~") {
            throw FGSError(
                .invalidDependency, "the file name '\(entry.path)' ends with ~, which is not allowed")
        }
    }
}
