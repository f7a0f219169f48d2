/// Who a client says it is.
public struct Claim: Hashable, Sendable {
    /// The user's name.
    public var name: String?
    /// The user's id, from clients that give no name.
    public var id: String?
    /// The name of the user's domain.
    public var domainName: String?
    /// The id of the user's domain.
    public var domainID: String?

    /// A claim of these parts.
    public init(name: String? = nil, id: String? = nil, domainName: String? = nil, domainID: String? = nil) {
        self.name = name
        self.id = id
        self.domainName = domainName
        self.domainID = domainID
    }
}
