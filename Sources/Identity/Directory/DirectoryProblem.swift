/// What is wrong with an entry of the directory. No text names a secret.
enum DirectoryProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case badName
    case badProjectID
    case badAccessKey
    case badSecret
    case repeated
    case repeatedProjectID
    case unknownUser
    case noProjects
    case missing(String)
    case unknownKey(String)
    case wrongShape(expected: String)
    case notReadable(String)

    var description: String {
        switch self {
        case .badName: "a name must have 1 to \(Directory.maximumNameLength) bytes and no control characters"
        case .badProjectID: "a project id must have 1 to 64 characters, none of them ':', '/' or a blank"
        case .badAccessKey:
            "an access key's id must have 1 to \(SignatureHeader.maximumAccessKeyLength) letters, digits, "
                + "'-', '_' or '.'"
        case .badSecret: "a password or secret must have 1 to \(Secret.maximumLength) bytes"
        case .repeated: "there is another entry of this name"
        case .repeatedProjectID: "another project has this id"
        case .unknownUser: "the user is not among the users"
        case .noProjects: "the list of projects is empty; leave it out to allow all"
        case .missing(let key): "the key \(key) is missing"
        case .unknownKey(let known): "a key is unknown; there are: \(known)"
        case .wrongShape(let expected): "expected \(expected)"
        case .notReadable(let why): why
        }
    }
}
