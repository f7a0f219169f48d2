/// How the emulator behaves where the platform's documents are silent: every such choice, in one table.
public struct Fidelity: Sendable, Equatable {
    /// The choices, in the order they are listed to people.
    public private(set) var choices: [FidelityChoice] = [
        FidelityChoice(
            "failure_status", ["200", "500"],
            "the HTTP status of a synchronous invocation (v0) whose handler failed; clients read the failure "
                + "from X-Func-Err-Code and X-Is-Func-Err"),
        FidelityChoice(
            "str_result", ["raw", "json"],
            "a handler's str result is sent as it is, or as a JSON string in quotes"),
        FidelityChoice(
            "none_result", ["null", "empty"], "a handler's None is sent as null, or as an empty body"),
        FidelityChoice(
            "bytes_result", ["error", "raw"],
            "a handler's bytes result is error 4007, or is sent as it is"),
        FidelityChoice(
            "async_handler", ["awaited", "error"],
            "what an async def handler returns is awaited, or is error 4007 like any result that is no JSON; the "
                + "documents only know plain functions"),
        FidelityChoice(
            "running_time", ["milliseconds", "seconds"],
            "the unit of context.getRunningTimeInSeconds(), which returns the timeout; the platform's own "
                + "package returns milliseconds"),
        FidelityChoice(
            "disabled_status", ["429", "403"],
            "the HTTP status of a call to a disabled function; some clients retry 429 for minutes"),
    ]

    /// All defaults.
    public init() {}

    /// The choices that an environment makes; see `FidelityChoice.variable`.
    ///
    /// - Parameter value: the value of an environment variable.
    /// - Throws: `FidelityError` when a variable has a value that the choice does not have.
    public init(environment value: (String) -> String?) throws(FidelityError) {
        for choice in choices {
            if let chosen = value(choice.variable) { try choose(choice.name, chosen) }
        }
    }

    /// Makes a choice.
    ///
    /// - Throws: `FidelityError` when there is no such choice or value.
    public mutating func choose(_ name: String, _ value: String) throws(FidelityError) {
        guard let index = choices.firstIndex(where: { $0.name == name }) else {
            throw .unknownChoice(name, known: choices.map(\.name))
        }
        guard choices[index].values.contains(value) else {
            throw .unknownValue(value, choice: name, known: choices[index].values)
        }
        choices[index].value = value
    }

    /// How a call to a disabled function is refused.
    public var functionDisabled: FGSError {
        FGSError(self["disabled_status"] == "403" ? .forbidden : .tooManyRequests, "Function Disabled")
    }

    /// What is chosen under a name of the table.
    public subscript(name: String) -> String {
        guard let choice = choices.first(where: { $0.name == name }) else {
            preconditionFailure("there is no fidelity choice \(name)")
        }
        return choice.value
    }
}
