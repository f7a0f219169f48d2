/// The name of a test event.
public struct TestEventName: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let description: String

    /// Takes a name.
    ///
    /// - Throws: `FGSError` `.invalidTestEvent` unless it has the shape that the API reference asks for.
    public init(_ text: String) throws(FGSError) {
        guard NamePattern.testEventName.matches(text) else {
            throw FGSError(
                .invalidTestEvent,
                "name '\(text.prefix(80))' is not valid: it must have \(NamePattern.testEventName.words)")
        }
        description = text
    }
}
