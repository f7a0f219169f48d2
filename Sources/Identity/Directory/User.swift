/// A user who logs in by password.
struct User: Sendable {
    let principal: Principal
    let password: Secret
}
