/// The name of a function, or of one of its versions, in the whole cloud:
/// `urn:fss:<region>:<project>:function:<package>:<name>[:<version>|:!<alias>]`.
public struct FunctionURN: Hashable, Sendable, CustomStringConvertible {
    /// The most characters a URN may have (API reference, asynchronous execution notification).
    public static let maximumLength = 269

    /// The region of the cloud, `eu-de` for example.
    public let region: String
    /// The project.
    public let project: ProjectID
    /// The package.
    public let package: PackageName
    /// The function.
    public let name: FunctionName
    /// The version or alias.
    public let qualifier: Qualifier

    /// Puts a URN together.
    public init(
        region: String,
        project: ProjectID,
        package: PackageName,
        name: FunctionName,
        qualifier: Qualifier = .unspecified
    ) {
        self.region = region
        self.project = project
        self.package = package
        self.name = name
        self.qualifier = qualifier
    }

    /// Takes apart what stands in a path or a query, after percent-decoding. Besides whole URNs (7 or 8 fields)
    /// these are accepted: `name`, `package:name`, `project:package:name` and `project:package:name:version`.
    ///
    /// - Parameters:
    ///   - project: the project of the request's path; a URN of another one does not name a function there.
    ///   - region: the region of this service. A different one in the URN is ignored.
    /// - Throws: `FGSError` `.invalidURN` for everything that is not a URN, `.functionNotFound` for another
    ///   project (API reference, URN grammar).
    public init(_ text: String, in project: ProjectID, region: String) throws(FGSError) {
        guard text.unicodeScalars.count <= Self.maximumLength else {
            throw FGSError(
                .invalidURN,
                "the function URN is too long: it may have \(Self.maximumLength) characters"
            )
        }
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let shape = Self.shapes[fields.count],
            fields.count < 7 || (fields[0] == "urn" && fields[1] == "fss" && fields[4] == "function"),
            let package = try? shape.package.map({ try PackageName(String(fields[$0])) }) ?? .default,
            let name = try? FunctionName(String(fields[shape.name]))
        else {
            throw FGSError(
                .invalidURN,
                "'\(text)' is not a function URN: expected "
                    + "urn:fss:<region>:<project_id>:function:<package>:<function>[:<version>|:!<alias>]"
            )
        }
        if let field = shape.project, fields[field] != project.description {
            throw FGSError(
                .functionNotFound,
                "Not found the function: the URN names project '\(fields[field])', the path '\(project)'"
            )
        }
        self.init(
            region: region,
            project: project,
            package: package,
            name: name,
            qualifier: try shape.qualifier.map { field throws(FGSError) in try Qualifier(field: fields[field])
            }
                ?? .unspecified
        )
    }

    /// Where the parts stand, by the number of fields.
    private static let shapes: [Int: (project: Int?, package: Int?, name: Int, qualifier: Int?)] = [
        1: (nil, nil, 0, nil),
        2: (nil, 0, 1, nil),
        3: (0, 1, 2, nil),
        4: (0, 1, 2, 3),
        7: (3, 5, 6, nil),
        8: (3, 5, 6, 7),
    ]

    /// The same function with another version or alias.
    public func qualified(_ qualifier: Qualifier) -> FunctionURN {
        FunctionURN(region: region, project: project, package: package, name: name, qualifier: qualifier)
    }

    /// The whole URN. Without a version if none was given.
    public var description: String {
        let whole = "urn:fss:\(region):\(project):function:\(package):\(name)"
        return qualifier.field.map { "\(whole):\($0)" } ?? whole
    }
}
