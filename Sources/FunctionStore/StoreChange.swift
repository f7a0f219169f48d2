import FunctionGraph

/// What a transaction of the store has changed, for those who keep something of it in memory.
public enum StoreChange: Sendable, Equatable {
    /// A function's code, its configuration, its versions or its aliases have changed, or it has gone. The URN's
    /// version says nothing.
    case function(FunctionURN)
    /// Triggers of the function have changed. The URN's version says nothing.
    case triggers(FunctionURN)
    /// How many instances are kept for the function has changed.
    case reservedInstances(FunctionURN)
}
