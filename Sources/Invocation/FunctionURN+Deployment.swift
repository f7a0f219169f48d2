import FunctionGraph

extension FunctionURN {
    /// Whether this names the same function as another URN, whatever the versions.
    public func isSameFunction(as other: FunctionURN) -> Bool {
        name == other.name && project == other.project && package == other.package
    }
}
