import ArgumentParser

/// The command line's root: `fgs-emulator [serve]`.
struct FGSEmulator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fgs-emulator",
        abstract: "A local FunctionGraph: create functions with any client, and run them here.",
        discussion: """
            Without a subcommand it serves. Point clients at the URL it prints:

              OS_AUTH_URL=http://127.0.0.1:8380/v3    Open Telekom Cloud SDKs, Terraform
              http://127.0.0.1:8380                   Huawei Cloud SDKs (endpoint)

            Every option can be given as an environment variable too: --log-level as \
            FGS_EMULATOR_LOG_LEVEL. An option on the command line wins.
            """,
        version: Version.current,
        subcommands: [Serve.self],
        defaultSubcommand: Serve.self
    )
}
