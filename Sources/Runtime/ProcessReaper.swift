import Glibc
import Sockets

/// Collects child processes of the server that are about to end.
@EventLoopActor
enum ProcessReaper {
    /// Waits for `process` without blocking; one that has not ended after five seconds is killed.
    static func reap(_ process: pid_t) {
        check(process, untilKill: 500)
    }

    private static func check(_ process: pid_t, untilKill checks: Int) {
        if waitpid(process, nil, WNOHANG) != 0 { return }
        if checks == 0 { kill(process, SIGKILL) }
        let timer = LoopTimer { check(process, untilKill: checks - 1) }
        timer.schedule(after: 10_000_000)
    }
}
