/// What of a function a trigger invokes. It is settled when the trigger is created.
public enum TriggerBinding: Hashable, Sendable {
    /// A version.
    case version(VersionName)
    /// Whatever version an alias leads to.
    case alias(AliasName)

    /// The same, as a URN says it.
    public var qualifier: Qualifier {
        switch self {
        case .version(let name): .version(name)
        case .alias(let name): .alias(name)
        }
    }
}
