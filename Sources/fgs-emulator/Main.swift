import Emulator

/// Where the process begins.
@main
enum Main {
    static func main() async {
        EmulatorProcess.prepareMemory()
        await FGSEmulator.main()
    }
}
