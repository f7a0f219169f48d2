import JSON

extension JSONValue {
    /// The string that a setting must be.
    ///
    /// - Throws: `FGSError` with the code given if it is none, or has more characters than allowed.
    func text(
        of setting: String, or code: ErrorCode, maximumLength: Int = 65_536
    ) throws(FGSError) -> String {
        guard let text = stringValue else {
            throw FGSError(code, "\(setting) must be a string, not \(kind.phrase)")
        }
        guard text.unicodeScalars.count <= maximumLength else {
            throw FGSError(
                code,
                "\(setting) has \(text.unicodeScalars.count) characters; at most \(maximumLength) are allowed"
            )
        }
        return text
    }

    /// The integer that a setting must be.
    ///
    /// - Throws: `FGSError` with the code given if it is none or out of range.
    func integer(
        of setting: String, in range: ClosedRange<Int>, or code: ErrorCode
    ) throws(FGSError) -> Int {
        guard let integer = integerValue else {
            throw FGSError(code, "\(setting) must be an integer, not \(kind.phrase)")
        }
        guard range.contains(integer) else {
            throw FGSError(
                code,
                "\(setting) is \(integer); it must be between \(range.lowerBound) and \(range.upperBound)"
            )
        }
        return integer
    }

    /// The object that a setting must be.
    ///
    /// - Throws: `FGSError` with the code given if it is none.
    func object(of setting: String, or code: ErrorCode = .invalidParameter) throws(FGSError) -> JSONObject {
        guard let object = objectValue else {
            throw FGSError(code, "\(setting) must be an object, not \(kind.phrase)")
        }
        return object
    }

    /// The array that a setting must be.
    ///
    /// - Throws: `FGSError` with the code given if it is none.
    func array(of setting: String, or code: ErrorCode = .invalidParameter) throws(FGSError) -> [JSONValue] {
        guard let array = arrayValue else {
            throw FGSError(code, "\(setting) must be an array, not \(kind.phrase)")
        }
        return array
    }

    /// Whether it clears a setting: `null`, `""`, `{}` or `[]`.
    public var isEmpty: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let members): members.isEmpty
        case .object(let members): members.isEmpty
        case .bool, .number: false
        }
    }
}

extension JSONKind {
    /// The kind with its article.
    fileprivate var phrase: String {
        switch self {
        case .null: "null"
        case .array, .object: "an \(rawValue)"
        case .bool, .number, .string: "a \(rawValue)"
        }
    }
}

extension JSONObject {
    /// The text that a request may have under a key; nil if it is missing, `null` or empty.
    ///
    /// - Throws: `FGSError` with the code given if it is no string.
    public func optionalText(_ key: String, or code: ErrorCode) throws(FGSError) -> String? {
        guard let value = self[key], !value.isEmpty else { return nil }
        return try value.text(of: key, or: code)
    }

    /// The text that a request must have under a key.
    ///
    /// - Throws: `FGSError` with the code given if it is missing, empty or no string.
    public func required(_ key: String, or code: ErrorCode) throws(FGSError) -> String {
        guard let value = self[key], !value.isEmpty else { throw FGSError(code, "\(key) is required") }
        return try value.text(of: key, or: code)
    }

    /// A member's string; nil if there is none, or it is `null` or empty.
    ///
    /// - Throws: `FGSError` with the code given if it is something else.
    func text(_ key: String, in setting: String, or code: ErrorCode = .invalidParameter) throws(FGSError)
        -> String?
    {
        guard let value = self[key], !value.isEmpty else { return nil }
        return try value.text(of: "\(setting).\(key)", or: code)
    }

    /// The members that are set, in order.
    init(present members: KeyValuePairs<String, (any SettingValue)?>) {
        self.init()
        for (key, value) in members { self[key] = value?.json }
    }
}
