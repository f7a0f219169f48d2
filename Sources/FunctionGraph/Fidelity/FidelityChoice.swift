/// One thing the platform's documents leave open or contradict each other in, and how it is decided here.
public struct FidelityChoice: Sendable, Equatable {
    /// The choice's name.
    public let name: String
    /// What can be chosen; the first is the default.
    public let values: [String]
    /// What the choice is about, for the person who may want another value.
    public let explanation: String
    /// What is chosen.
    public internal(set) var value: String

    /// What is chosen when nobody says otherwise.
    public var defaultValue: String { values[0] }

    /// The environment variable that sets it.
    public var variable: String { "FGS_EMULATOR_FIDELITY_" + name.uppercased() }

    init(_ name: String, _ values: [String], _ explanation: String) {
        self.name = name
        self.values = values
        self.explanation = explanation
        value = values[0]
    }
}
