import FunctionGraph

/// How an instance was started: what its first invocation is told of, besides its own doing.
struct InstanceStart {
    /// When it began to load.
    let beganAt: Timestamp
    /// How long its initializer took, in nanoseconds; 0 if it has none.
    var initializerNanoseconds: UInt64 = 0
    /// What it wrote meanwhile.
    var output: [UInt8] = []
}
