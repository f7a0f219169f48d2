import Foundation

/// Archives made and read by Python's zipfile: an implementation nobody here wrote.
enum PythonZip {
    /// Runs a program with `zipfile`, `io` and `sys` imported; `arguments` are in `sys.argv[1:]`.
    static func run(_ program: String, _ arguments: [String] = [], input: [UInt8] = []) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments =
            ["-c", "import io, sys, zipfile, stat, warnings\nwarnings.simplefilter('ignore')\n" + program]
            + arguments
        let output = Pipe()
        let source = Pipe()
        process.standardOutput = output
        process.standardInput = source
        try process.run()
        let writer = Thread {
            try? source.fileHandleForWriting.write(contentsOf: Data(input))
            try? source.fileHandleForWriting.close()
        }
        writer.start()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return Array(data)
    }

    struct Failure: Error {
        let status: Int32
    }

    /// An archive that a program writes to `archive`, a `zipfile.ZipFile`.
    static func archive(_ body: String) throws -> [UInt8] {
        try run(
            """
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            \(body.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
            sys.stdout.buffer.write(file.getvalue())
            """
        )
    }
}
