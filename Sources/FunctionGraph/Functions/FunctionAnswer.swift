/// The answers that show a function. Each shows its own members of it (API reference, "Function object"); the
/// raw value is the letter of the column there.
public enum FunctionAnswer: Character, Hashable, Sendable, CaseIterable {
    /// A function that was created.
    case created = "C"
    /// An item of the list of functions.
    case listItem = "L"
    /// The configuration, read.
    case configuration = "G"
    /// The configuration, changed.
    case updated = "U"
    /// The number of instances, changed.
    case maximumInstances = "M"
    /// A version that was published.
    case published = "P"
    /// An item of the list of versions.
    case versionItem = "V"
    /// A function that was imported.
    case imported = "I"
    /// The code, read or changed.
    case code = "K"
}
