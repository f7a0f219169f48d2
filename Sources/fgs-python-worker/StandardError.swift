import Glibc

/// Where a worker reports what only the maintainers of the emulator can fix.
enum StandardError {
    /// Writes one line.
    static func print(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
