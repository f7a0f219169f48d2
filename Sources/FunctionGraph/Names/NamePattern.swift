/// The shape that names have in this API: so many characters of a set, the first and the last of narrower ones.
struct NamePattern: Sendable {
    let lengths: ClosedRange<Int>
    /// What may stand beside letters and digits, except at the ends.
    let inner: String
    let beginsWithLetter: Bool
    /// The rule in words, for the client.
    let words: String

    static let functionName = NamePattern(
        lengths: 1...60, inner: "_-", beginsWithLetter: true,
        words:
            "1 to 60 letters, digits, '_' and '-', beginning with a letter and ending with a letter or digit"
    )
    static let packageName = NamePattern(
        lengths: 1...60, inner: "_-", beginsWithLetter: false,
        words: "1 to 60 letters, digits, '_' and '-', beginning and ending with a letter or digit"
    )
    static let versionName = NamePattern(
        lengths: 1...42, inner: "._-", beginsWithLetter: false,
        words: "1 to 42 letters, digits, '.', '_' and '-', beginning and ending with a letter or digit"
    )
    static let aliasName = NamePattern(
        lengths: 1...64, inner: "_-", beginsWithLetter: true,
        words:
            "1 to 64 letters, digits, '_' and '-', beginning with a letter and ending with a letter or digit"
    )
    static let testEventName = NamePattern(
        lengths: 1...25, inner: "_-", beginsWithLetter: true,
        words:
            "1 to 25 letters, digits, '_' and '-', beginning with a letter and ending with a letter or digit"
    )
    static let dependencyName = NamePattern(
        lengths: 1...96, inner: "._-", beginsWithLetter: true,
        words:
            "1 to 96 letters, digits, '.', '_' and '-', beginning with a letter and ending with a letter or digit"
    )

    func matches(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard lengths.contains(scalars.count), let first = scalars.first, let last = scalars.last else {
            return false
        }
        return (first.isASCIILetter || (!beginsWithLetter && first.isASCIIDigit))
            && (last.isASCIILetter || last.isASCIIDigit)
            && scalars.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || inner.unicodeScalars.contains($0) }
    }
}
