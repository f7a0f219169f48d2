import CSystem
import Glibc
import Sockets

/// The directory that holds everything the emulator keeps: its databases and the unpacked code.
///
/// Its lock is held as long as this value lives, also when the process is killed: the kernel lets go of it.
public struct DataDirectory: ~Copyable, Sendable {
    /// Its absolute path.
    public let path: String
    private let lock: FileDescriptor
    private let isEphemeral: Bool

    /// The path of the database.
    public var database: String { "\(path)/functions.sqlite" }
    /// The path of the database of logs.
    public var logs: String { "\(path)/logs.sqlite" }
    /// The path of the unpacked code.
    public var code: String { "\(path)/code" }

    /// Opens, or makes, a directory that persists.
    ///
    /// - Throws: `DataDirectoryError`, also when another server uses it.
    public init(persistent path: String) throws(DataDirectoryError) {
        try Self.make(path)
        try self.init(path: path, isEphemeral: false)
        removeRemains()
    }

    /// Makes a directory below TMPDIR that is removed by `removeIfEphemeral`.
    ///
    /// - Throws: `DataDirectoryError`.
    public init() throws(DataDirectoryError) {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/fgs-emulator-XXXXXX".utf8CString)
        guard template.withUnsafeMutableBufferPointer({ mkdtemp($0.baseAddress!) }) != nil else {
            throw DataDirectoryError(path: parent, reason: .system(SystemError("mkdtemp").description))
        }
        try self.init(
            path: String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self), isEphemeral: true)
    }

    private init(path: String, isEphemeral: Bool) throws(DataDirectoryError) {
        guard let absolute = realpath(path, nil) else {
            throw DataDirectoryError(path: path, reason: .system(SystemError("realpath").description))
        }
        defer { free(absolute) }
        let directory = String(cString: absolute)
        let descriptor = open("\(directory)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw DataDirectoryError(path: path, reason: .system(SystemError("open").description))
        }
        let lock = FileDescriptor(owning: descriptor)
        guard csystem_lock_exclusively(descriptor) == 0 else {
            throw DataDirectoryError(path: path, reason: .inUse)
        }
        mkdir("\(directory)/code", 0o755)
        self.path = directory
        self.lock = lock
        self.isEphemeral = isEphemeral
    }

    /// Removes the directory if it was made for this run only.
    public borrowing func removeIfEphemeral() {
        guard isEphemeral else { return }
        csystem_remove_tree(path)
    }

    /// Removes what a server that was killed had begun to unpack, and the files of its instances.
    private borrowing func removeRemains() {
        csystem_remove_tree("\(path)/tmp")
        for digest in DirectoryListing.names(in: code) {
            for name in DirectoryListing.names(in: "\(code)/\(digest)") where name.hasPrefix("code.") {
                csystem_remove_tree("\(code)/\(digest)/\(name)")
            }
        }
    }

    private static func make(_ path: String) throws(DataDirectoryError) {
        var made = path.hasPrefix("/") ? "" : "."
        for component in path.split(separator: "/") {
            made += "/\(component)"
            guard mkdir(made, 0o755) != 0, errno != EEXIST else { continue }
            throw DataDirectoryError(path: path, reason: .system(SystemError("mkdir \(made)").description))
        }
    }
}
