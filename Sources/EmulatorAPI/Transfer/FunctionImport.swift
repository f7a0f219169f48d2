import FunctionGraph
import JSON
import ZipArchive

/// A function on its way in: what an archive and its description, or the names of its files, say about it.
struct FunctionImport {
    /// The function's name.
    let name: FunctionName
    /// Its package.
    let package: PackageName
    /// Its settings.
    let configuration: FunctionConfiguration
    /// What creates each of its triggers, as the body of a request would.
    let triggers: [JSONObject]
    /// The bytes of its code.
    let bytes: [UInt8]
    private let form: CodeForm
    private let type: CodeType
    private let fileName: String

    /// The largest archive, in bytes (user manual, FSS.1023).
    private static let limit = 50 << 20

    /// Reads the body of X-2. The Python SDK sends no `func_name`: then the description names the function, or the
    /// file name does.
    ///
    /// - Throws: `FGSError` FSS.1013 for the type of file, FSS.1011 and FSS.1023 for the archive, FSS.1022, FSS.1025,
    ///   FSS.1057 and FSS.1058 for its description, and whatever is wrong with names and settings.
    init(_ body: JSONObject) throws {
        let archiveName = try body.required("file_name", or: .invalidParameter)
        guard body["file_type"]?.stringValue ?? "zip" == "zip" else {
            throw FGSError(.invalidFileType, "file_type must be zip")
        }
        let archive = try EncodedArchive.decode(
            body.required("file_code", or: .codeRequired), of: "file_code", limit: Self.limit,
            or: .invalidCode,
            tooLarge: .importFileTooLarge)
        _ = try CodeUpload.checked(archive)
        let package = try ImportedPackage(archive)
        let described = package.description?.members ?? [:]

        let text =
            try body.optionalText("func_name", or: .invalidFunctionName) ?? described["func_name"]?
            .stringValue
            ?? Self.stem(of: archiveName)
        name = try FunctionName(text)
        let group = try body.optionalText("package", or: .invalidPackage) ?? described["package"]?.stringValue
        self.package = try group.map { text throws(FGSError) in try PackageName(text) } ?? .default

        var settings: JSONObject = ["memory_size": 128, "timeout": 30]
        if let (runtime, handler) = package.inferred {
            settings["runtime"] = .string(runtime.rawValue)
            settings["handler"] = .string(handler)
        }
        for (key, value) in described { settings[key] = value }
        configuration = try FunctionConfiguration(creating: settings)
        triggers = (described["triggers"]?.arrayValue ?? []).compactMap(\.objectValue)
        (bytes, form) = (package.code, package.form)
        type = described["code_type"]?.stringValue.flatMap(CodeType.init(rawValue:)) ?? .zip
        fileName = described["code_filename"]?.stringValue ?? archiveName
    }

    /// What is known about the code.
    func code(at now: Timestamp) -> FunctionCode {
        FunctionCode(
            type: type == .obs ? .zip : type, form: form, url: "", fileName: fileName,
            digest: Digest.sha512(bytes), size: bytes.count, lastModified: now)
    }

    private static func stem(of fileName: String) -> String {
        let name = fileName.split(separator: "/").last.map(String.init) ?? fileName
        return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    }
}
