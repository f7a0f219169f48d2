import JSON

/// The address of code that is kept elsewhere: an object in OBS.
public struct CodeAddress: Hashable, Sendable, CustomStringConvertible {
    /// The URL as it was sent.
    public let description: String

    /// Reads `code_url`, or `func_code.link`, of a request.
    ///
    /// - Returns: nil when there is none and none is needed.
    /// - Throws: `FGSError` `.invalidURL` if it is missing for code of type `obs`, no string, or no http, https or file
    ///   URL.
    public init?(_ body: JSONObject, type: CodeType) throws(FGSError) {
        let url = try body.optionalText("code_url", or: .invalidURL)
        let link = try body["func_code"]?.objectValue?.text("link", in: "func_code", or: .invalidURL)
        guard let sent = url ?? link else {
            guard type != .obs else {
                throw FGSError(.invalidURL, "code_url is required for the code type obs")
            }
            return nil
        }
        try self.init(sent, of: "code_url")
    }

    /// Takes a URL.
    ///
    /// - Parameter setting: the member it stands in, for the text of the error.
    /// - Throws: `FGSError` `.invalidURL` unless it is an http, https or file URL of at most 1,024 characters.
    public init(_ text: String, of setting: String) throws(FGSError) {
        let scheme = ["https://", "http://", "file:///"].first { text.lowercased().hasPrefix($0) }
        guard let scheme, text.utf8.count > scheme.utf8.count, text.utf8.count <= 1_024,
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
        else {
            throw FGSError(
                .invalidURL, "\(setting) '\(text.prefix(80))' is not a URL such as https://bucket.host/key")
        }
        description = text
    }
}
