import JSON

/// What a setting of a function holds: read from requests and from storage, written to storage and to answers.
protocol SettingValue: Hashable, Sendable {
    /// Reads a value. It is neither `null` nor empty: those clear a setting.
    ///
    /// - Parameter setting: the setting's key, for the text of errors.
    /// - Throws: `FGSError` with the code that the API reference gives this setting.
    init(_ json: JSONValue, of setting: String) throws(FGSError)

    /// The value as it goes to storage and to answers.
    var json: JSONValue { get }
}

extension Bool: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        guard let value = json.boolValue else {
            throw FGSError(.invalidParameter, "\(setting) must be true or false")
        }
        self = value
    }

    var json: JSONValue { .bool(self) }
}

extension String: SettingValue {
    init(_ json: JSONValue, of setting: String) throws(FGSError) {
        self = try json.text(of: setting, or: .invalidParameter)
    }

    var json: JSONValue { .string(self) }
}
