/// A file without which no function can run is not where it belongs.
public enum WorkerInstallationError: Error, Equatable, CustomStringConvertible {
    /// What is missing, and where it was looked for.
    case missing(String, at: [String])

    /// A sentence for whoever installed the emulator.
    public var description: String {
        switch self {
        case .missing(let what, let places):
            "The installation is incomplete: \(what) is missing. Looked for \(places.joined(separator: ", "))."
        }
    }
}
