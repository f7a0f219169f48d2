/// A version of a function: `latest` or one that was published.
public struct Function: Hashable, Sendable {
    /// The function's id; all its versions share it.
    public let id: Identifier
    /// The project.
    public let project: ProjectID
    /// The package.
    public let package: PackageName
    /// The name.
    public let name: FunctionName
    /// Which version this is.
    public let version: VersionName
    /// What was said when it was published; empty for `latest`.
    public let versionDescription: String
    /// The settings.
    public let configuration: FunctionConfiguration
    /// The code.
    public let code: FunctionCode
    /// What this state is called.
    public let imageName: ImageName
    /// When code or configuration were changed last.
    public let lastModified: Timestamp

    /// Puts a version together.
    public init(
        id: Identifier,
        project: ProjectID,
        package: PackageName,
        name: FunctionName,
        version: VersionName = .latest,
        versionDescription: String = "",
        configuration: FunctionConfiguration,
        code: FunctionCode,
        imageName: ImageName,
        lastModified: Timestamp
    ) {
        self.id = id
        self.project = project
        self.package = package
        self.name = name
        self.version = version
        self.versionDescription = versionDescription
        self.configuration = configuration
        self.code = code
        self.imageName = imageName
        self.lastModified = lastModified
    }

    /// The version's URN. It always has its last field: the Python SDK cuts that off before each call.
    public func urn(in region: String) -> FunctionURN {
        FunctionURN(
            region: region, project: project, package: package, name: name, qualifier: .version(version))
    }

    /// The same with another configuration.
    ///
    /// - Parameter random: random bits for the new image name.
    public func with(configuration: FunctionConfiguration, at time: Timestamp, random: UInt64) -> Function {
        changed(configuration: configuration, code: code, at: time, random: random)
    }

    /// The same with other code, and the configuration that came with it.
    ///
    /// - Parameter random: random bits for the new image name.
    public func with(
        code: FunctionCode, configuration: FunctionConfiguration, at time: Timestamp, random: UInt64
    ) -> Function {
        changed(configuration: configuration, code: code, at: time, random: random)
    }

    /// A snapshot of this version under another name.
    ///
    /// - Parameter random: random bits for its image name.
    public func published(
        as version: VersionName, description: Description?, at time: Timestamp, random: UInt64
    ) -> Function {
        Function(
            id: id, project: project, package: package, name: name, version: version,
            versionDescription: description?.description ?? "", configuration: configuration, code: code,
            imageName: ImageName(version: version, time: time, random: random), lastModified: time
        )
    }

    /// Whether neither code nor configuration differ (API reference, FSS.1016).
    public func hasSameContent(as other: Function) -> Bool {
        code.digest == other.code.digest && code.form == other.code.form
            && configuration == other.configuration
    }

    private func changed(
        configuration: FunctionConfiguration, code: FunctionCode, at time: Timestamp, random: UInt64
    ) -> Function {
        Function(
            id: id, project: project, package: package, name: name, version: version,
            versionDescription: versionDescription, configuration: configuration, code: code,
            imageName: ImageName(version: version, time: time, random: random), lastModified: time
        )
    }
}
