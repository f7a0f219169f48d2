import FunctionGraph

/// How functions are run.
public struct InvokerConfiguration: Sendable {
    /// The directory of unpacked code.
    public var codeDirectory: String
    /// How long an instance waits for its next invocation, in nanoseconds.
    public var idleNanoseconds: UInt64
    /// How undocumented choices are made.
    public var fidelity: Fidelity

    /// Describes how.
    public init(codeDirectory: String, idleNanoseconds: UInt64, fidelity: Fidelity) {
        self.codeDirectory = codeDirectory
        self.idleNanoseconds = idleNanoseconds
        self.fidelity = fidelity
    }
}
