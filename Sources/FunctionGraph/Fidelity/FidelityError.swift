/// A choice that cannot be made.
public enum FidelityError: Error, Equatable, CustomStringConvertible {
    /// No choice has this name.
    case unknownChoice(String, known: [String])
    /// The choice does not have this value.
    case unknownValue(String, choice: String, known: [String])

    /// One line for the person who configured it.
    public var description: String {
        switch self {
        case .unknownChoice(let name, let known):
            "There is no fidelity choice \(name). There are: \(known.joined(separator: ", "))."
        case .unknownValue(let value, let choice, let known):
            "The fidelity choice \(choice) cannot be \(value). It can be: \(known.joined(separator: ", "))."
        }
    }
}
