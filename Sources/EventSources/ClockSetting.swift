import FunctionGraph

/// How a clock goes.
public enum ClockSetting: Sendable, Equatable {
    /// With the machine's.
    case system
    /// Not at all: it stands at a time; nil for where it is.
    case frozen(Timestamp?)
    /// As fast as the machine's, from a time on; nil for where it is.
    case running(Timestamp?)
}
