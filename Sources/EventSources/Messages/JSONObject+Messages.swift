import FunctionGraph
import JSON

extension JSONObject {
    /// How many messages one request may have.
    static let maximumMessageCount = 10_000

    /// The string under a key; nil if it is missing or `null`.
    ///
    /// - Throws: `FGSError` FSS.0400 if it is something else.
    func string(_ key: String) throws(FGSError) -> String? {
        guard let value = self[key], !value.isNull else { return nil }
        guard let text = value.stringValue else {
            throw FGSError(.invalidParameter, "\(key) must be a string")
        }
        return text
    }

    /// The string that must be under a key, and not be empty.
    ///
    /// - Throws: `FGSError` FSS.0400 if it is not.
    func requiredString(_ key: String) throws(FGSError) -> String {
        guard let text = try string(key), !text.isEmpty else {
            throw FGSError(.invalidParameter, "\(key) is required")
        }
        return text
    }

    /// The number under a key that is not negative; nil if it is missing or `null`.
    ///
    /// - Throws: `FGSError` FSS.0400 if it is something else.
    func count(_ key: String) throws(FGSError) -> Int? {
        guard let value = self[key], !value.isNull else { return nil }
        guard let number = value.integerValue, number >= 0 else {
            throw FGSError(.invalidParameter, "\(key) must be an integer that is not negative")
        }
        return number
    }

    /// The list that must be under a key, and not be empty.
    ///
    /// - Throws: `FGSError` FSS.0400 if it is not, or too long.
    func list(_ key: String) throws(FGSError) -> [JSONValue] {
        guard let list = self[key]?.arrayValue, !list.isEmpty else {
            throw FGSError(.invalidParameter, "\(key) must be an array with at least one member")
        }
        guard list.count <= Self.maximumMessageCount else {
            throw FGSError(
                .invalidParameter,
                "\(key) has \(list.count) members; at most \(Self.maximumMessageCount) are allowed")
        }
        return list
    }

    /// The time under a key: a text as in RFC 3339, or milliseconds since 1970.
    ///
    /// - Throws: `FGSError` FSS.0400 if it is something else.
    func time(_ key: String) throws(FGSError) -> Timestamp? {
        guard let value = self[key], !value.isNull else { return nil }
        if let milliseconds = value.integerValue, 0...253_402_300_799_999 ~= milliseconds {
            return Timestamp(milliseconds: Int64(milliseconds))
        }
        guard let time = value.stringValue.flatMap({ Timestamp($0) }) else {
            throw FGSError(
                .invalidParameter,
                "\(key) must be a time such as 2025-03-17T10:11:12Z, or milliseconds since 1970")
        }
        return time
    }

    /// The text of a member of `event_data`; empty if there is none.
    func dataText(_ key: String) -> String { self[key]?.stringValue ?? "" }

    /// The texts of a member of `event_data`.
    func dataTexts(_ key: String) -> [String] { self[key]?.arrayValue?.compactMap(\.stringValue) ?? [] }

    /// The members under some keys.
    func members(_ keys: String...) -> JSONObject {
        JSONObject(keys.compactMap { key in self[key].map { (key, $0) } })
    }

    /// These members, and those of another object that these leave out.
    func completed(by others: JSONObject) -> JSONObject {
        var all = self
        for (key, value) in others where all[key]?.isNull ?? true { all[key] = value }
        return all
    }
}

extension JSONValue {
    /// The object that a member of a list must be.
    ///
    /// - Throws: `FGSError` FSS.0400 if it is none.
    func member(of list: String) throws(FGSError) -> JSONObject {
        guard let object = objectValue else {
            throw FGSError(.invalidParameter, "the members of \(list) must be objects")
        }
        return object
    }
}
