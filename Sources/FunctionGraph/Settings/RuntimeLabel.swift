import JSON

/// The runtimes that a function can name. Not all of them run here; all of them can be stored.
public enum RuntimeLabel: String, Hashable, Sendable, CaseIterable {
    // The API reference's list.
    case java8 = "Java8"
    case java11 = "Java11"
    case node6 = "Node.js6.10"
    case node8 = "Node.js8.10"
    case node10 = "Node.js10.16"
    case node12 = "Node.js12.13"
    case node14 = "Node.js14.18"
    case node16 = "Node.js16.17"
    case node18 = "Node.js18.15"
    case python2 = "Python2.7"
    case python36 = "Python3.6"
    case python39 = "Python3.9"
    case python310 = "Python3.10"
    case go1 = "Go1.x"
    case dotnet21 = "C#(.NET Core 2.1)"
    case dotnet31 = "C#(.NET Core 3.1)"
    case custom = "Custom"
    case php73 = "PHP7.3"
    case http = "http"
    case customImage = "Custom Image"
    // What the user manual adds.
    case node20 = "Node.js20.15"
    case python312 = "Python3.12"
    case java17 = "Java17"
    case java21 = "Java21"
    case dotnet60 = "C#(.NET Core 6.0)"
    case php83 = "PHP8.3"
    case go18 = "Go1.8"
    case dotnet20 = "C#(.NET Core 2.0)"

    /// Takes a runtime's name.
    ///
    /// - Throws: `FGSError` `.invalidRuntime` for one that does not exist.
    public init(_ text: String) throws(FGSError) {
        guard let label = RuntimeLabel(rawValue: text) else {
            throw FGSError(
                .invalidRuntime,
                "runtime '\(text.prefix(80))' does not exist; the runtimes are "
                    + RuntimeLabel.allCases.map(\.rawValue).joined(separator: ", ")
            )
        }
        self = label
    }

    /// What kind of runtime it is.
    public var family: RuntimeFamily {
        switch self {
        case .java8, .java11, .java17, .java21: .java
        case .node6, .node8, .node10, .node12, .node14, .node16, .node18, .node20: .node
        case .python2, .python36, .python39, .python310, .python312: .python
        case .go1, .go18: .go
        case .dotnet20, .dotnet21, .dotnet31, .dotnet60: .dotnet
        case .php73, .php83: .php
        case .custom: .custom
        case .http: .http
        case .customImage: .image
        }
    }

    /// Whether it is one of the Python runtimes.
    public var isPython: Bool { family == .python }

    /// The version of the language, as far as the name tells it: `3.10` of `Python3.10`.
    public var languageVersion: String {
        String(rawValue.drop { !("0"..."9").contains($0) }.prefix { $0 == "." || ("0"..."9").contains($0) })
    }
}

extension RuntimeLabel: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        try self.init(try json.text(of: setting, or: .invalidRuntime))
    }

    var json: JSONValue { .string(rawValue) }
}
