import FunctionGraph
import Sockets

/// Why an instance could not become one of a function, and what it wrote before.
@EventLoopActor
struct StartFailure {
    let code: UInt32
    let body: [UInt8]
    let output: [UInt8]

    init(_ failure: RuntimeFailure, output: [UInt8] = []) {
        self.init(code: failure.code.rawValue, body: failure.errorObject, output: output)
    }

    init(code: UInt32, body: [UInt8], output: [UInt8]) {
        self.code = code
        self.body = body
        self.output = output
    }

    /// An initializer gets three instances to succeed on (the runtime guide); code that cannot be loaded will
    /// not load the next time either.
    var isWorthAnotherAttempt: Bool { code == RuntimeCode.initializerFailed.rawValue }

    /// The outcome for an invocation that was to be run by it.
    func outcome(for invocation: Invocation, _ function: DeployedFunction, at now: Timestamp) -> InvocationOutcome {
        var log: [UInt8] = []
        if invocation.wantsLog {
            log = InvocationLog(requestID: invocation.requestID, version: function.version, startedAt: now).tail(
                preamble: output, output: body + [UInt8(ascii: "\n")],
                outcome: (code, 0, 0), cpuNanoseconds: 0, memorySize: function.memorySize, finishedAt: now)
        }
        return InvocationOutcome(
            code: code, body: body, durationNanoseconds: 0, memoryKiB: 0, memorySize: function.memorySize,
            log: log)
    }
}
