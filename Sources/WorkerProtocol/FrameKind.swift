/// What a frame between the server and an instance says.
public enum FrameKind: UInt32, Sendable {
    /// To the instance: become this function. The payload is a `LoadHeader` and the JSON that
    /// `fgs_runtime.instance.load` documents.
    case load = 1
    /// To the instance: run the handler. The payload is an `InvocationEnvelope` and the event.
    case invoke = 2
    /// To the instance: run what comes before the end, and end. The payload is empty.
    case stop = 3

    /// From the instance: the handler is loaded and the initializer has run. The payload is a `ResultHeader` of the
    /// initializer; all zero without one.
    case ready = 16
    /// From the instance: the function cannot be loaded. The payload is a `ResultHeader` and an error object.
    /// The instance ends after it.
    case loadFailed = 17
    /// From the instance: a handler ended. The payload is a `ResultHeader` and what goes to the caller.
    case result = 18
    /// From the instance: the handler module is imported, the initializer begins. The payload is empty.
    case initializing = 19
    /// From the instance: what a request wrote, where the pipe cannot tell whose it is. The payload is text.
    case output = 20
}
