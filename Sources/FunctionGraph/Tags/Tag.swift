import JSON

/// A tag of a function.
public struct Tag: Hashable, Sendable {
    /// How many a function may have (user manual).
    public static let maximumCount = 20

    /// The key.
    public let key: String
    /// The value; may be empty.
    public let value: String

    /// Reads a tag of a request.
    ///
    /// - Parameter needsValue: Whether it must have a value, if an empty one; it is empty otherwise.
    /// - Throws: `FGSError` `.invalidParameter` unless the key has 1 to 128 letters, digits, blanks and `_.:=+-@`,
    ///   does not begin with `_sys_` or a blank nor end with one, and the value has at most 255 of the same and `/`
    ///   (user manual).
    public init(_ json: JSONValue, needsValue: Bool) throws(FGSError) {
        let object = try json.object(of: "a tag")
        let key = object["key"]?.stringValue ?? ""
        guard 1...128 ~= key.unicodeScalars.count, key.unicodeScalars.allSatisfy({ Self.isAllowed($0) }),
            key.first != " ", key.last != " ", !key.hasPrefix("_sys_")
        else {
            throw FGSError(
                .invalidParameter,
                "tag key '\(key.prefix(80))' is not valid: 1 to 128 letters, digits, blanks and _.:=+-@, not beginning "
                    + "with _sys_ or a blank nor ending with a blank")
        }
        var value = ""
        if let member = object["value"], !member.isNull {
            value = try member.text(
                of: "the value of the tag '\(key)'", or: .invalidParameter, maximumLength: 255)
        } else if needsValue {
            throw FGSError(.invalidParameter, "the tag '\(key)' has no value; an empty one is \"\"")
        }
        guard value.unicodeScalars.allSatisfy({ Self.isAllowed($0) || $0 == "/" }) else {
            throw FGSError(
                .invalidParameter, "the value of the tag '\(key)' has a character that is not allowed")
        }
        self.key = key
        self.value = value
    }

    /// The tag that the platform gives a function: its enterprise project.
    public static func system(of function: Function) -> Tag {
        Tag(stored: "_sys_enterprise_project_id", function.configuration.enterpriseProject.description)
    }

    /// Takes a tag that was made before.
    public init(stored key: String, _ value: String) {
        self.key = key
        self.value = value
    }

    /// The tag as answers show it.
    public var json: JSONValue { ["key": .string(key), "value": .string(value)] }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return properties.isAlphabetic || properties.numericType == .decimal
            || " _.:=+-@".unicodeScalars.contains(scalar)
    }
}
