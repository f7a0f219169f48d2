/// A version of a function with what is attached to it.
public struct FunctionDetail: Hashable, Sendable {
    /// The version.
    public let function: Function
    /// The dependency versions it uses, in the order in which they are put beside its code.
    public let dependencies: [DependencyVersion]
    /// How its asynchronous invocations are handled, if that was ever set.
    public let asyncConfiguration: AsyncConfiguration?
    /// The instances that are kept for it, if there are any.
    public let reserved: ReservedInstances?

    /// Puts a version and its attachments together.
    public init(
        _ function: Function, dependencies: [DependencyVersion] = [],
        asyncConfiguration: AsyncConfiguration? = nil,
        reserved: ReservedInstances? = nil
    ) {
        self.function = function
        self.dependencies = dependencies
        self.asyncConfiguration = asyncConfiguration
        self.reserved = reserved
    }
}
