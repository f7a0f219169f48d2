import Glibc

/// The worker's entry point: `fgs-python-worker RUNTIMES [PACKAGES…]`, with the server on descriptor 3.
///
/// The server starts it; people do not.
@main
enum PythonWorker {
    /// Where the server's control socket is.
    private static let control: Int32 = 3

    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard let runtimes = arguments.first, fcntl(control, F_GETFD) >= 0 else {
            StandardError.print("fgs-python-worker is started by fgs-emulator and is of no use alone.")
            exit(64)
        }
        // A terminal's interrupt is for the server, which then ends its workers.
        setsid()
        signal(SIGPIPE, SIG_IGN)
        _ = fcntl(control, F_SETFD, FD_CLOEXEC)
        do throws(PythonError) {
            let interpreter = try Interpreter(runtimes: runtimes, packages: Array(arguments.dropFirst()))
            let zygote = Zygote(interpreter: interpreter, control: control)
            zygote.serve()
        } catch {
            StandardError.print("fgs-python-worker: CPython could not be started: \(error.message)")
            exit(70)
        }
    }
}
