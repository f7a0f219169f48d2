import Glibc

/// Why an object or a file cannot be read or written.
public struct ObjectError: Error, Equatable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// The value of `errno`.
    public let code: Int32

    init(path: String, code: Int32) {
        self.path = path
        self.code = code
    }

    init(_ address: ObjectAddress, _ root: String, _ code: Int32) {
        self.init(path: "\(root)/\(address)", code: code)
    }

    /// One line for the person who named it.
    public var description: String {
        switch code {
        case ENOENT: "\(path) does not exist"
        case EFBIG: "\(path) is too large"
        case EISDIR: "\(path) is not a file"
        case ELOOP, ENOTDIR: "\(path) leads through a link or a file, which is not followed"
        default: "\(path) cannot be used: \(String(cString: strerror(code)))"
        }
    }
}
