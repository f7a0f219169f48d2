/// The temporary credentials that a function gets through its agency. The cloud makes them; here they are given by
/// configuration.
public struct AgencyCredentials: Hashable, Sendable {
    /// The access key.
    public var accessKey: String
    /// The secret key.
    public var secretKey: String
    /// The token that goes with the keys.
    public var securityToken: String
    /// A token for the identity service.
    public var token: String

    /// Names credentials; empty texts stand for none.
    public init(accessKey: String, secretKey: String, securityToken: String, token: String) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.securityToken = securityToken
        self.token = token
    }
}
