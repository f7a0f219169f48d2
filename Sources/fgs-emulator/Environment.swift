import ArgumentParser
import Glibc
import Synchronization

/// The environment variables that set options: `FGS_EMULATOR_` and the option's name.
enum Environment {
    private static let problems = Mutex<[String]>([])

    /// The value of a variable, or `standard` when it is unset. A value that cannot be read is remembered for
    /// `check`, since an option's default cannot throw.
    static func value<Value: LosslessStringConvertible>(_ option: String, or standard: Value) -> Value {
        guard let text = text(option) else { return standard }
        if let value = Value(text) { return value }
        problems.withLock { $0.append("\(name(option))=\(text) is not a value this option can have.") }
        return standard
    }

    /// The value of a variable for an option with a fixed set of values.
    static func choice<Value: RawRepresentable>(_ option: String, or standard: Value) -> Value
    where Value.RawValue == String {
        guard let text = text(option) else { return standard }
        if let value = Value(rawValue: text) { return value }
        problems.withLock { $0.append("\(name(option))=\(text) is not a value this option can have.") }
        return standard
    }

    /// The value of a variable for an option without a default.
    static func optional(_ option: String) -> String? {
        text(option)
    }

    /// The comma-separated values of a variable for an option that can be repeated.
    static func list(_ option: String) -> [String] {
        text(option)?.split(separator: ",").map(String.init) ?? []
    }

    /// Whether a flag's variable is set to `1`, `true` or `yes`.
    static func flag(_ option: String, or standard: Bool = false) -> Bool {
        guard let text = text(option)?.lowercased() else { return standard }
        if ["1", "true", "yes"].contains(text) { return true }
        if !["0", "false", "no", ""].contains(text) {
            problems.withLock { $0.append("\(name(option))=\(text) is neither true nor false.") }
        }
        return false
    }

    /// Complains about variables that could not be read.
    ///
    /// - Throws: `ValidationError`.
    static func check() throws {
        if let problem = problems.withLock({ $0.first }) { throw ValidationError(problem) }
    }

    private static func text(_ option: String) -> String? {
        getenv(name(option)).map { String(cString: $0) }
    }

    private static func name(_ option: String) -> String { "FGS_EMULATOR_\(option)" }
}
