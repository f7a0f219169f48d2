import JSON

/// A function's environment variables: a JSON object written as a string, which is kept as it came.
public struct UserData: Hashable, Sendable {
    /// How many entries there may be (user manual, FSS.1017).
    public static let maximumCount = 20
    /// How many characters keys and values may have together (user manual, FSS.1018).
    public static let maximumLength = 4_096

    /// Variables of the platform, which a function cannot replace (runtime guide, "Environment variables").
    private static let reservedNames: Set<String> = [
        "RUNTIME_PROJECT_ID", "RUNTIME_FUNC_NAME", "RUNTIME_FUNC_VERSION", "RUNTIME_PACKAGE",
        "RUNTIME_HANDLER",
        "RUNTIME_TIMEOUT", "RUNTIME_USERDATA", "RUNTIME_CPU", "RUNTIME_MEMORY", "RUNTIME_MAX_RESP_BODY_SIZE",
        "RUNTIME_INITIALIZER_HANDLER", "RUNTIME_INITIALIZER_TIMEOUT", "RUNTIME_ROOT", "RUNTIME_CODE_ROOT",
        "RUNTIME_LOG_DIR", "RUNTIME_API_ADDR", "RUNTIME_PRESTOP_HANDLER", "PRE_STOP_HANDLER",
        "PRE_STOP_TIMEOUT",
    ]

    /// The text as it was sent.
    public let text: String
    /// The variables in order. A value that is no string is given as JSON.
    public let entries: [Entry]

    /// One variable.
    public struct Entry: Hashable, Sendable {
        /// Its name.
        public let key: String
        /// Its value.
        public let value: String
    }

    /// Takes a text.
    ///
    /// - Parameter setting: `user_data` or `encrypted_user_data`.
    /// - Throws: `FGSError` `.invalidUserData` unless it is a JSON object whose keys begin with a letter and have
    ///   letters, digits and `_` only, and whose values have no NUL; `.tooManyUserDataEntries`; `.userDataTooLarge`.
    public init(_ text: String, setting: String = "user_data") throws(FGSError) {
        guard let object = (try? JSONValue(parsing: text))?.objectValue else {
            throw FGSError(
                .invalidUserData,
                "\(setting) must be a JSON object written as a string, such as \"{\\\"key\\\":\\\"value\\\"}\""
            )
        }
        guard object.count <= Self.maximumCount else {
            throw FGSError(
                .tooManyUserDataEntries,
                "\(setting) has \(object.count) entries; at most \(Self.maximumCount) are allowed"
            )
        }
        var entries: [Entry] = []
        for (key, value) in object {
            guard Self.isName(key) else {
                throw FGSError(
                    .invalidUserData,
                    "\(setting) key '\(key.prefix(80))' is not valid: it must begin with a letter and have "
                        + "letters, digits and '_' only"
                )
            }
            guard !Self.reservedNames.contains(key) else {
                throw FGSError(
                    .invalidUserData,
                    "\(setting) key '\(key)' is the name of a variable of the platform; use another")
            }
            let content = value.stringValue ?? value.text
            guard !content.utf8.contains(0) else {
                throw FGSError(
                    .invalidUserData,
                    "\(setting) key '\(key)' has a value with a NUL character, which environment variables cannot have"
                )
            }
            entries.append(Entry(key: key, value: content))
        }
        let length = entries.reduce(0) { $0 + $1.key.unicodeScalars.count + $1.value.unicodeScalars.count }
        guard length <= Self.maximumLength else {
            throw FGSError(
                .userDataTooLarge,
                "the keys and values of \(setting) have \(length) characters; at most \(Self.maximumLength) are allowed"
            )
        }
        self.text = text
        self.entries = entries
    }

    /// The same keys with empty values, as answers show secrets.
    public var masked: JSONValue {
        .string(JSONValue.object(JSONObject(entries.map { ($0.key, JSONValue.string("")) })).text)
    }

    private static func isName(_ key: String) -> Bool {
        guard let first = key.unicodeScalars.first, first.isASCIILetter else { return false }
        return key.unicodeScalars.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == "_" }
    }
}

extension UserData: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        try self.init(try json.text(of: setting, or: .invalidUserData, maximumLength: .max), setting: setting)
    }

    var json: JSONValue { .string(text) }
}
