/// What a person decides about who may come in, as it stands on the command line and in the environment.
public struct IdentityConfiguration: Sendable {
    /// What is checked.
    public var mode: AuthenticationMode
    /// The file with users, access keys and projects, if there is one.
    public var file: String?
    /// Users as `name:password`, beside those of the file: `FGS_EMULATOR_USERS`.
    public var users: [String]
    /// Access keys as `access:secret`, beside those of the file: `FGS_EMULATOR_ACCESS_KEYS`.
    public var accessKeys: [String]

    /// Names everything.
    public init(mode: AuthenticationMode, file: String?, users: [String], accessKeys: [String]) {
        self.mode = mode
        self.file = file
        self.users = users
        self.accessKeys = accessKeys
    }
}
