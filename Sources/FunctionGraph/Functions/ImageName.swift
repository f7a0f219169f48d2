/// The name that a function's state goes by: `latest-250317094501@k3x9q`. It changes with each change of code or
/// configuration.
public struct ImageName: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let description: String

    /// A new name.
    ///
    /// - Parameter random: at least 26 random bits.
    public init(version: VersionName, time: Timestamp, random: UInt64) {
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        var rest = random
        var suffix = ""
        for _ in 0..<5 {
            suffix.append(letters[Int(rest % 36)])
            rest /= 36
        }
        description = "\(version)-\(time.imageStamp)@\(suffix)"
    }

    /// A name that was made before.
    public init(stored: String) { description = stored }
}
