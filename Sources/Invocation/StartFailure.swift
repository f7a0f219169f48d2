/// Why an instance could not become one of a function, and what it wrote before.
struct StartFailure {
    let code: UInt32
    let body: [UInt8]
    let output: [UInt8]
    /// An initializer gets three instances to succeed on (the runtime guide); code that cannot be loaded will
    /// not load the next time either.
    let isWorthAnotherAttempt: Bool

    init(_ failure: RuntimeFailure, output: [UInt8] = [], isWorthAnotherAttempt: Bool = false) {
        code = failure.code.rawValue
        body = failure.errorObject
        self.output = output
        self.isWorthAnotherAttempt = isWorthAnotherAttempt
    }

    init(code: UInt32, body: [UInt8], output: [UInt8]) {
        self.code = code
        self.body = body
        self.output = output
        isWorthAnotherAttempt = code == RuntimeCode.initializerFailed.rawValue
    }
}
