/// Why a text is no schedule. The public initialisers make an `FGSError` of it.
struct ScheduleFault: Error {
    /// The fault in words that go on after "is not valid:".
    let reason: String

    init(_ reason: String) { self.reason = reason }

    /// The answer to the client who sent the text.
    ///
    /// - Parameter setting: the setting's key.
    func refusal(of text: String, as setting: String, with code: ErrorCode) -> FGSError {
        FGSError(code, "\(setting) '\(text.prefix(80))' is not valid: \(reason)")
    }
}
