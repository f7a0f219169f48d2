/// Why an instance could not become one of a function, and what it wrote before.
struct StartFailure {
    let code: UInt32
    let body: [UInt8]
    /// When that was, and what it wrote; nil if it did not begin to load.
    let start: InstanceStart?
    /// An initializer gets three instances to succeed on (the runtime guide); code that cannot be loaded will
    /// not load the next time either.
    let isWorthAnotherAttempt: Bool

    init(_ failure: RuntimeFailure, _ start: InstanceStart? = nil, isWorthAnotherAttempt: Bool = false) {
        code = failure.code.rawValue
        body = failure.errorObject
        self.start = start
        self.isWorthAnotherAttempt = isWorthAnotherAttempt
    }

    init(code: UInt32, body: [UInt8], _ start: InstanceStart?) {
        self.code = code
        self.body = body
        self.start = start
        isWorthAnotherAttempt = code == RuntimeCode.initializerFailed.rawValue
    }
}
