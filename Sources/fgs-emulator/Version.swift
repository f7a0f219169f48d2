/// The emulator's version.
enum Version {
    /// As in semantic versioning.
    static let current = "0.1.0"
}
