import Sockets
import WorkerProtocol

/// Is told what happens in an instance. Everything is called on the event loop.
@EventLoopActor
public protocol InstanceOwner: AnyObject {
    /// The handler's module is imported; the initializer begins.
    func instanceInitializing(_ instance: Instance)
    /// The function is loaded and initialised; invocations may come. What is measured is the initializer: all zero
    /// without one.
    func instanceReady(_ instance: Instance, _ measurement: ResultHeader)
    /// The function cannot be loaded or initialised; `error` is the error object. `instanceEnded` follows.
    func instance(_ instance: Instance, failedToLoad result: ResultHeader, error: [UInt8])
    /// A handler ended; `body` is its result or the error object.
    func instance(_ instance: Instance, answered request: UInt64, _ result: ResultHeader, body: [UInt8])
    /// A request wrote something that did not come through the pipe.
    func instance(_ instance: Instance, wrote text: [UInt8], for request: UInt64)
    /// There is output, which this has the instance's `log` read.
    func instanceHasOutput(_ instance: Instance)
    /// The process has ended, asked for or not. Nothing follows.
    func instanceEnded(_ instance: Instance)
}
