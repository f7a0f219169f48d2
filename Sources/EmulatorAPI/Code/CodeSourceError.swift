/// Why code is not to be had from where it is said to be.
struct CodeSourceError: Error, CustomStringConvertible {
    /// One line: what happened, and what to do.
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
