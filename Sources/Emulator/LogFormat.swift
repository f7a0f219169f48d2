/// How log lines are written.
public enum LogFormat: String, CaseIterable, Sendable {
    /// For people: time, level, message, and then what belongs to it.
    case text
    /// For machines: one JSON object per line.
    case json
}
