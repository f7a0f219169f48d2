import JSON

/// How code is handed in.
public enum CodeType: String, Hashable, Sendable, CaseIterable {
    /// In the request: the text of one file, or a small archive.
    case inline
    /// In the request: a zip archive.
    case zip
    /// From an object store.
    case obs
    /// In the request: a Java archive.
    case jar
    /// A container image.
    case image = "Custom-Image-Swr"

    /// Takes the value of `code_type`; functions of a container image need not give it.
    ///
    /// - Throws: `FGSError` `.invalidCodeType` if it is missing, does not exist, or is that of an image for another runtime.
    public init(_ json: JSONValue?, for runtime: RuntimeLabel) throws(FGSError) {
        if runtime.family == .image, json?.isEmpty ?? true {
            self = .image
            return
        }
        let offered = Self.allCases.filter { $0 != .image || runtime.family == .image }
        guard let type = json?.stringValue.flatMap(CodeType.init(rawValue:)), offered.contains(type) else {
            throw FGSError(
                .invalidCodeType,
                "code_type must be one of \(offered.map(\.rawValue).joined(separator: ", "))"
            )
        }
        self = type
    }

    /// The name that answers give code which was sent without one.
    public func fileName(for runtime: RuntimeLabel, url: String) -> String {
        let object = url.split(separator: "?").first?.split(separator: "/").dropFirst(2).last.map(String.init)
        switch self {
        case .obs: return object ?? "index.zip"
        case .zip: return object ?? "index.zip"
        case .jar: return object ?? "index.jar"
        case .image: return ""
        case .inline:
            return switch runtime.family {
            case .python: "index.py"
            case .node: "index.js"
            case .php: "index.php"
            case .custom, .http: "bootstrap"
            case .java, .go, .dotnet, .image: "index.zip"
            }
        }
    }
}
