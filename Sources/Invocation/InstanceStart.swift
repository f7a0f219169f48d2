import FunctionGraph

/// How an instance was started: what its first invocation is told of, besides its own doing.
struct InstanceStart {
    /// When it began to load.
    let beganAt: Timestamp
    /// How long its initializer took, in nanoseconds; 0 if it has none.
    var initializerNanoseconds: UInt64 = 0
    /// What it wrote meanwhile.
    var output: [UInt8] = []

    /// Begins the output with a line of the server.
    mutating func announce(_ text: String) {
        output = Array("\(beganAt.zulu) \(text)\n".utf8) + output
    }
}
