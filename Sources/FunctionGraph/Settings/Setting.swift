import JSON

/// One row of the table of settings: a member of request bodies, of storage and of answers.
struct Setting: Sendable {
    typealias Reader = @Sendable (JSONValue, inout FunctionConfiguration) throws(FGSError) -> Void

    /// The requests that can change settings.
    enum Request: Sendable {
        case create
        case configuration
        case code
    }

    /// The member's name.
    let key: String
    /// The requests that may carry it. In others it is ignored, as unknown members are.
    let requests: Set<Request>
    /// The answers that show it.
    let answers: Set<FunctionAnswer>
    /// Takes over a value that is neither `null` nor empty.
    let read: Reader
    /// Takes over `null`, `""`, `{}` and `[]`; nil if the setting cannot be cleared.
    let clear: (@Sendable (inout FunctionConfiguration) -> Void)?
    /// The value for storage; nil if it is not set.
    let stored: @Sendable (FunctionConfiguration) -> JSONValue?
    /// The value for answers; nil if the member is left out.
    let answered: @Sendable (FunctionConfiguration) -> JSONValue?

    typealias Path<Value> = WritableKeyPath<FunctionConfiguration, Value> & Sendable

    /// A setting that always has a value, and keeps it when a client tries to clear it.
    static func required<Value: SettingValue>(
        _ key: String, _ path: Path<Value>, _ answers: String
    ) -> Setting {
        Setting(
            key: key, requests: [.create, .configuration], answers: columns(answers),
            read: { json, configuration throws(FGSError) in
                configuration[keyPath: path] = try Value(json, of: key)
            },
            clear: nil,
            stored: { $0[keyPath: path].json },
            answered: { $0[keyPath: path].json }
        )
    }

    /// A setting that goes back to its default when it is cleared.
    static func defaulted<Value: SettingValue>(
        _ key: String, _ path: Path<Value>, _ standard: Value, _ answers: String,
        requests: Set<Request> = [.create, .configuration]
    ) -> Setting {
        Setting(
            key: key, requests: requests, answers: columns(answers),
            read: { json, configuration throws(FGSError) in
                configuration[keyPath: path] = try Value(json, of: key)
            },
            clear: { $0[keyPath: path] = standard },
            stored: { $0[keyPath: path].json },
            answered: { $0[keyPath: path].json }
        )
    }

    /// A setting that need not be there.
    ///
    /// - Parameters:
    ///   - unset: what answers show if it is not; nil leaves the member out.
    ///   - shown: how answers show a value, if not as it is stored.
    static func optional<Value: SettingValue>(
        _ key: String, _ path: Path<Value?>, unset: JSONValue?, _ answers: String,
        shown: @escaping @Sendable (Value) -> JSONValue = { $0.json }
    ) -> Setting {
        Setting(
            key: key, requests: [.create, .configuration], answers: columns(answers),
            read: { json, configuration throws(FGSError) in
                configuration[keyPath: path] = try Value(json, of: key)
            },
            clear: { $0[keyPath: path] = nil },
            stored: { $0[keyPath: path]?.json },
            answered: { $0[keyPath: path].map(shown) ?? unset }
        )
    }

    /// A handler besides the main one.
    static func hook(
        _ key: String, _ path: Path<Handler?>, or code: ErrorCode = .invalidParameter, _ answers: String
    ) -> Setting {
        Setting(
            key: key, requests: [.create, .configuration], answers: columns(answers),
            read: { json, configuration throws(FGSError) in
                configuration[keyPath: path] = try Handler(
                    try json.text(of: key, or: code), for: configuration.runtime, setting: key, or: code
                )
            },
            clear: { $0[keyPath: path] = nil },
            stored: { ($0[keyPath: path]?.description).map(JSONValue.string) },
            answered: { .string($0[keyPath: path]?.description ?? "") }
        )
    }

    private static func columns(_ letters: String) -> Set<FunctionAnswer> {
        Set(letters.compactMap(FunctionAnswer.init(rawValue:)))
    }
}
