/// Why an instance could not become one of a function, and what it wrote before.
struct StartFailure {
    let code: UInt32
    let body: [UInt8]
    let output: [UInt8]
    /// Whether it was the zygote's end rather than anything of the function's.
    let isOfZygote: Bool

    init(_ failure: RuntimeFailure, output: [UInt8] = [], isOfZygote: Bool = false) {
        self.init(
            code: failure.code.rawValue, body: failure.errorObject, output: output, isOfZygote: isOfZygote)
    }

    init(code: UInt32, body: [UInt8], output: [UInt8], isOfZygote: Bool = false) {
        self.code = code
        self.body = body
        self.output = output
        self.isOfZygote = isOfZygote
    }

    /// An initializer gets three instances to succeed on (the runtime guide); code that cannot be loaded will
    /// not load the next time either.
    var isWorthAnotherAttempt: Bool { isOfZygote || code == RuntimeCode.initializerFailed.rawValue }
}
