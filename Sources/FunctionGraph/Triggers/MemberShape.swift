import JSON

/// What the value of a member of `event_data` must be.
indirect enum MemberShape: Sendable {
    /// A string.
    case text(maximumLength: Int = 65_536)
    /// The name of the trigger.
    case name
    /// One of these strings.
    case choice([String])
    /// An integer in a range.
    case integer(ClosedRange<Int>)
    /// `true` or `false`.
    case flag
    /// The same, which some clients send as text.
    case spelledFlag
    /// An array of strings, none of them empty.
    case texts
    /// An object with these members, and others.
    case object([TriggerMember])

    /// How many characters the name of a trigger may have. The API reference has an error for longer ones
    /// (FSS.1317) but no number.
    static let maximumNameLength = 64

    /// Checks a value.
    ///
    /// - Parameter name: where it stands, for the text of errors.
    /// - Throws: `FGSError` with the code given, `.triggerNameTooLong` for a name that is too long.
    func check(_ value: JSONValue, of name: String, or code: ErrorCode) throws(FGSError) {
        switch self {
        case .text(let maximumLength):
            _ = try value.text(of: name, or: code, maximumLength: maximumLength)
        case .name:
            let length = try value.text(of: name, or: code).unicodeScalars.count
            guard length <= Self.maximumNameLength else {
                throw FGSError(
                    .triggerNameTooLong,
                    "\(name) has \(length) characters; at most \(Self.maximumNameLength) are allowed"
                )
            }
        case .choice(let choices):
            guard choices.contains(try value.text(of: name, or: code)) else {
                throw FGSError(code, "\(name) must be one of \(choices.joined(separator: ", "))")
            }
        case .integer(let range):
            _ = try value.integer(of: name, in: range, or: code)
        case .flag:
            guard value.boolValue != nil else { throw FGSError(code, "\(name) must be true or false") }
        case .spelledFlag:
            guard value.boolValue != nil || value == "true" || value == "false" else {
                throw FGSError(code, "\(name) must be true or false")
            }
        case .texts:
            for (index, member) in try value.array(of: name, or: code).enumerated()
            where try member.text(of: "\(name)[\(index)]", or: code).isEmpty {
                throw FGSError(code, "\(name)[\(index)] is empty")
            }
        case .object(let members):
            let object = try value.object(of: name, or: code)
            for member in members { try member.check(in: object, of: name, or: code) }
        }
    }
}
