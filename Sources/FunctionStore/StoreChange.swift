import FunctionGraph

/// What a transaction of the store has changed, for those who keep something of it in memory.
public enum StoreChange: Sendable, Equatable {
    /// There is a new function.
    case created(FunctionDetail)
    /// The code or the configuration of a function's version `latest` has changed; this is what it is now.
    case changed(FunctionDetail)
    /// A version of a function has gone, or all of it. The URN's version says nothing.
    case deleted(FunctionURN)
    /// Calls may go elsewhere or be treated otherwise: there is a new version, an alias is new, has changed or has
    /// gone, or settings of asynchronous calls have changed. What a version is has not. The URN's version says nothing.
    case routing(FunctionURN)
    /// Triggers of the function have changed. The URN's version says nothing.
    case triggers(FunctionURN)
    /// How many instances are kept for the function has changed.
    case reservedInstances(FunctionURN)
    /// Nothing that is stored refers to code of these digests any more. Whoever read of it before may still want the
    /// bytes; they stay until `FunctionStore.removeUnused` is called.
    case codeUnused([String])
}
