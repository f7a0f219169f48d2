/// What the stored bytes of a function's code are.
public enum CodeForm: String, Hashable, Sendable, CaseIterable {
    /// A zip archive (a jar is one too).
    case archive
    /// The text of one file.
    case source
    /// Nothing: an image, or code that is somewhere else and was not fetched.
    case none
}
