import CSystem
import Glibc

/// Unpacks archives into a directory that appears complete or not at all.
///
/// Everything is written to a temporary directory beside the target, which is then renamed. Several archives
/// can be unpacked one after the other; a file of a later one replaces one of the same name.
public final class Extraction {
    private let target: String
    private let temporary: String
    private var budget: ExtractionBudget
    private var root: Int32 = -1
    private var links: [(path: EntryPath, target: String)] = []

    /// Prepares to unpack into `target`, whose parent exists.
    ///
    /// - Throws: `ZipError.system` when the temporary directory cannot be made.
    public init(to target: String, limits: ExtractionLimits = ExtractionLimits()) throws(ZipError) {
        self.target = target
        budget = ExtractionBudget(limits)
        var template = Array("\(target).XXXXXX".utf8CString)
        guard template.withUnsafeMutableBufferPointer({ mkdtemp($0.baseAddress!) }) != nil else {
            throw .system("mkdtemp \(target)")
        }
        temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(temporary, 0o755)
        root = open(temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw .system("open \(temporary)") }
    }

    /// Unpacks one archive, and makes the result appear under the target's name.
    ///
    /// - Throws: `ZipError`; nothing is left behind then.
    public static func extract(
        _ reader: ZipReader<some ByteSource>,
        to target: String,
        limits: ExtractionLimits = ExtractionLimits()
    ) throws(ZipError) {
        let extraction = try Extraction(to: target, limits: limits)
        try extraction.add(reader)
        try extraction.finish()
    }

    /// Unpacks an archive over what has been unpacked before.
    ///
    /// - Throws: `ZipError`. The extraction is of no use then, and removes what it has written when it goes.
    public func add(_ reader: ZipReader<some ByteSource>) throws(ZipError) {
        try budget.check(reader.entries)
        var names: Set<[String]> = []
        for entry in reader.entries where !entry.path.components.isEmpty {
            guard names.insert(entry.path.components).inserted || entry.kind == .directory else {
                throw .overlapping(entry.path.description)
            }
            switch entry.kind {
            case .directory: close(try makeDirectory(entry.path.components, of: entry))
            case .file: try write(entry, from: reader)
            case .symbolicLink: links.append((entry.path, try reader.linkTarget(of: entry)))
            }
        }
    }

    /// Writes a file of these bytes, as if an archive had held it.
    ///
    /// - Throws: `ZipError`.
    public func add(_ bytes: [UInt8], at path: EntryPath) throws(ZipError) {
        let descriptor = try create(path, permissions: 0o644)
        defer { close(descriptor) }
        try bytes.withUnsafeBufferPointer { bytes throws(ZipError) in
            try Self.write(UnsafeRawBufferPointer(bytes), to: descriptor)
        }
    }

    /// Makes what was unpacked appear under the target's name. If the target has appeared meanwhile, it stays
    /// and this goes: both were made from the same bytes.
    ///
    /// - Throws: `ZipError`.
    public func finish() throws(ZipError) {
        // Links are made last, when nothing is written any more: no entry is ever written through one.
        for link in links { try make(link) }
        guard rename(temporary, target) == 0 else {
            if errno == EEXIST || errno == ENOTEMPTY { return }
            throw .system("rename \(target)")
        }
        close(root)
        root = -1
    }

    deinit {
        guard root >= 0 else { return }
        close(root)
        csystem_remove_tree(temporary)
    }

    // MARK: Files

    private func write(_ entry: ZipEntry, from reader: ZipReader<some ByteSource>) throws(ZipError) {
        // Everyone may read, whoever may execute keeps that, and nothing else survives.
        let executable = entry.permissions.map { $0 & 0o111 != 0 } ?? false
        let descriptor = try create(entry.path, permissions: executable ? 0o755 : 0o644)
        defer { close(descriptor) }
        try reader.read(entry) { piece throws(ZipError) in
            try budget.take(piece.count)
            try Self.write(piece, to: descriptor)
        }
    }

    private func create(_ path: EntryPath, permissions: mode_t) throws(ZipError) -> Int32 {
        try budget.takeFile()
        let parent = try makeDirectory(Array(path.components.dropLast()), of: nil)
        defer { close(parent) }
        guard let name = path.components.last else { throw .unsafeName("", reason: "it names nothing") }
        unlinkat(parent, name, 0)
        let descriptor = openat(
            parent,
            name,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
            permissions
        )
        guard descriptor >= 0 else {
            if errno == EEXIST { throw .overlapping(path.description) }
            throw .system("open \(path)")
        }
        // Whatever the process's umask is.
        fchmod(descriptor, permissions)
        return descriptor
    }

    /// Opens a directory below the root, making what is missing. No component may be anything else.
    private func makeDirectory(_ components: [String], of entry: ZipEntry?) throws(ZipError) -> Int32 {
        var directory = dup(root)
        for component in components {
            let parent = directory
            defer { close(parent) }
            if mkdirat(parent, component, 0o755) != 0, errno != EEXIST {
                throw .system("mkdir \(component)")
            }
            let next = openat(parent, component, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else {
                if errno == ENOTDIR || errno == ELOOP {
                    throw .overlapping(components.joined(separator: "/"))
                }
                throw .system("open \(component)")
            }
            directory = next
        }
        return directory
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(ZipError) {
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            if count > 0 {
                written += count
            } else if errno != EINTR {
                throw .system("write")
            }
        }
    }

    // MARK: Links

    private func make(_ link: (path: EntryPath, target: String)) throws(ZipError) {
        try budget.takeFile()
        let parent = try makeDirectory(Array(link.path.components.dropLast()), of: nil)
        defer { close(parent) }
        guard let name = link.path.components.last else { return }
        unlinkat(parent, name, 0)
        guard symlinkat(link.target, parent, name) == 0 else {
            if errno == EEXIST { throw .overlapping(link.path.description) }
            throw .system("symlink \(link.path)")
        }
        // A link to a link to a directory can lead further than its own text says; ask the kernel.
        try checkResolution(of: link)
    }

    private func checkResolution(of link: (path: EntryPath, target: String)) throws(ZipError) {
        guard let resolved = realpath("\(temporary)/\(link.path)", nil) else { return }
        defer { free(resolved) }
        guard let base = realpath(temporary, nil) else { throw .system("realpath") }
        defer { free(base) }
        let path = String(cString: resolved)
        guard path == String(cString: base) || path.hasPrefix(String(cString: base) + "/") else {
            throw .unsafeLink(link.path.description, target: link.target)
        }
    }
}
