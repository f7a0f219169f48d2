/// The version of an interpreter.
public struct PythonVersion: Hashable, Sendable, CustomStringConvertible {
    /// The first number.
    public let major: Int
    /// The second number.
    public let minor: Int
    /// The third number.
    public let micro: Int

    /// Takes a version apart that stands in one number, as a zygote reports it.
    init(packed: Int32) {
        major = Int(packed >> 16) & 0xFF
        minor = Int(packed >> 8) & 0xFF
        micro = Int(packed) & 0xFF
    }

    /// As in `3.11.2`.
    public var description: String { "\(major).\(minor).\(micro)" }
}
