import ArgumentParser
import Emulator

/// Where the process begins.
@main
enum Main {
    static func main() async {
        EmulatorProcess.prepareMemory()
        guard let serve else { return await FGSEmulator.main() }
        do {
            try await serve.run()
        } catch {
            FGSEmulator.exit(withError: error)
        }
    }

    /// The command line of somebody who serves, if there is nothing to be said about it. Parsed here it takes two
    /// milliseconds less than by way of the root, which has all options described twice more.
    private static var serve: Serve? {
        var arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "serve" { arguments.removeFirst() }
        return try? Serve.parse(arguments)
    }
}
