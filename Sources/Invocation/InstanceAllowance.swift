import Sockets

/// How many instances a version has, in all its sizes together.
@EventLoopActor
final class InstanceAllowance {
    var count = 0

    init() {}
}
