import JSON

/// A version of a dependency: packages that are put beside a function's code.
public struct DependencyVersion: Hashable, Sendable {
    /// Its id, which functions refer to.
    public let id: Identifier
    /// The id of the dependency, which all its versions share.
    public let dependencyID: Identifier
    /// Its number: 1, 2, 3, ….
    public let number: Int
    /// The dependency's name.
    public let name: DependencyName
    /// The runtime it is for: a label, no more.
    public let runtime: RuntimeLabel
    /// What it is for.
    public let description: Description?
    /// Where its archive is to be had; empty if it came with the request.
    public let link: String
    /// The name of its archive.
    public let fileName: String
    /// The MD5 of its archive, in hexadecimal.
    public let etag: String
    /// The number of bytes of its archive; 0 if that could not be fetched.
    public let size: Int
    /// The SHA-512 of its archive, under which the bytes are kept; nil if there are none.
    public let digest: String?
    /// When it was made.
    public let lastModified: Timestamp

    /// Puts a version together.
    public init(
        id: Identifier, dependencyID: Identifier, number: Int, name: DependencyName, runtime: RuntimeLabel,
        description: Description?, link: String, fileName: String, etag: String, size: Int, digest: String?,
        lastModified: Timestamp
    ) {
        self.id = id
        self.dependencyID = dependencyID
        self.number = number
        self.name = name
        self.runtime = runtime
        self.description = description
        self.link = link
        self.fileName = fileName
        self.etag = etag
        self.size = size
        self.digest = digest
        self.lastModified = lastModified
    }

    /// The version as the dependency API shows it.
    ///
    /// - Parameter owner: the account's id.
    public func body(owner: String) -> JSONObject {
        var body = attachment(owner: owner)
        body["last_modified"] = .integer(lastModified.seconds)
        return body
    }

    /// The version as it stands in function objects. The time is left out there: the Go SDK expects a text.
    public func attachment(owner: String) -> JSONObject {
        [
            "id": .string(id.description), "owner": .string(owner), "link": .string(link),
            "runtime": .string(runtime.rawValue), "etag": .string(etag), "size": .integer(size),
            "name": .string(name.description), "description": .string(description?.description ?? ""),
            "file_name": .string(fileName), "version": .integer(number),
            "dep_id": .string(dependencyID.description),
        ]
    }
}
