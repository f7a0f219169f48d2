/// Why an invocation was not run at all. Nothing of it is in the function's log.
public enum InvocationRefusal: Error, Equatable, Sendable {
    /// The event is not JSON.
    case unreadableEvent
    /// The function's maximum number of instances is 0.
    case functionDisabled
    /// Every instance the function may have stayed busy for the function's whole timeout.
    case tooManyRequests
    /// The platform is at fault; the text is for its user.
    case platform(String)
}
