/// Which network HTTP functions have.
enum HTTPNetwork: String, CaseIterable {
    /// Each its own, with nothing in it but the function.
    case isolated
    /// The machine's. Only one of them can have a port at a time.
    case shared
}
