/// An access key: requests name its id and are signed with its secret.
struct AccessKey: Sendable {
    let principal: Principal
    let secret: Secret
    /// What requests of a temporary key send along as `X-Security-Token`.
    let securityToken: Secret?

    /// Whether a request carries the security token that belongs to the key, or none if none does.
    func accepts(securityToken candidate: String?) -> Bool {
        guard let securityToken else { return candidate == nil }
        return securityToken.matches(candidate ?? "")
    }
}
