import FunctionGraph

extension Timestamp {
    /// Reads `20260102T030405Z`, the form of `X-Sdk-Date`.
    ///
    /// - Returns: nil for anything else, and for days and times that do not exist.
    init?(signatureDate text: String) {
        let characters = Array(text.utf8)
        guard characters.count == 16, characters[8] == UInt8(ascii: "T"), characters[15] == UInt8(ascii: "Z")
        else {
            return nil
        }
        func digits(_ range: Range<Int>) -> String { String(decoding: characters[range], as: UTF8.self) }
        self.init(
            "\(digits(0..<4))-\(digits(4..<6))-\(digits(6..<8))T\(digits(9..<11)):\(digits(11..<13)):"
                + "\(digits(13..<15))Z"
        )
    }
}
