import Sockets

/// How many instances a version has, in all its sizes together.
@EventLoopActor
final class InstanceAllowance {
    /// All of them.
    var count = 0
    /// How many are kept whatever is to be run; the maximum of a function is that of the others.
    var reservedCount = 0

    init() {}

    /// How many there are beyond those that are reserved.
    var onDemandCount: Int { max(0, count - reservedCount) }
}
