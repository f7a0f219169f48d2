import Glibc

/// The worker's entry point: `fgs-python-worker RUNTIMES CODE [PACKAGES…]`, with the server on descriptor 3.
///
/// The server starts it; people do not.
@main
enum PythonWorker {
    /// Where the server's control socket is.
    private static let control: Int32 = 3

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count >= 2, fcntl(control, F_GETFD) >= 0 else {
            StandardError.print("fgs-python-worker is started by fgs-emulator and is of no use alone.")
            exit(64)
        }
        // A terminal's interrupt is for the server, which then ends its workers.
        setsid()
        signal(SIGPIPE, SIG_IGN)
        _ = fcntl(control, F_SETFD, FD_CLOEXEC)
        do throws(PythonError) {
            // Before CPython, which would have to be told where everything has gone.
            let sandbox = Sandbox.enter(runtimes: arguments[0], code: arguments[1])
            let home = getenv("FGS_PYTHON_HOME").map { String(cString: $0) } ?? ""
            unsetenv("FGS_PYTHON_HOME")
            unsetenv("LD_PRELOAD")
            let interpreter = try Interpreter(
                home: home,
                runtimes: sandbox == nil ? arguments[0] : Sandbox.runtimes,
                packages: Array(arguments.dropFirst(2)))
            try InstanceMethods.install(interpreter)
            let zygote = Zygote(
                interpreter: interpreter, control: control, sandbox: sandbox, code: arguments[1])
            zygote.serve()
        } catch {
            StandardError.print("fgs-python-worker: CPython could not be started: \(error.message)")
            exit(70)
        }
    }
}
