import Foundation
import Glibc
import Sockets
import ZipArchive

/// Unpacked code, one directory per `CodeReference`, shared by all instances that run it.
///
/// It is a cache: every directory can be made again from the store, so what is missing is rebuilt and
/// nothing here needs to survive. Beside the code stand its bytecode, which instances write, and a list of the
/// digests it was made from. When the store has one of them no more, the directory may go; the last ones are kept, since
/// tests create the same function again and again.
@EventLoopActor
public final class CodeCache {
    /// The bytes of stored code; called off the loop.
    public typealias Source = @Sendable (_ digest: String) throws -> [UInt8]

    private let root: String
    private let source: Source
    private let queue: WorkQueue
    private var pending: [CodeReference: [(Result<String, RuntimeFailure>) -> Void]] = [:]
    /// What is known to be there.
    private var present: Set<CodeReference> = []
    /// What was made from code that is stored no more, the longest unused first.
    private var unused: [CodeReference] = []
    private var removals = 0

    /// How many directories are kept that nothing needs now.
    private static let unusedLimit = 100

    /// A cache in the directory `root`, which exists.
    public init(root: String, queue: WorkQueue, source: @escaping Source) {
        self.root = root
        self.queue = queue
        self.source = source
    }

    /// Calls back with the name of the code's directory below the root, at once when it is there already.
    func directory(
        for code: CodeReference, completion: @escaping (Result<String, RuntimeFailure>) -> Void
    ) {
        if present.contains(code), access("\(root)/\(code.directoryName)/code", R_OK) == 0 {
            if !unused.isEmpty { unused.removeAll { $0 == code } }
            completion(.success(code.directoryName))
            return
        }
        if pending[code] != nil {
            pending[code]?.append(completion)
            return
        }
        pending[code] = [completion]
        let source = source
        let root = root
        queue.run {
            Self.unpack(code, below: root, source)
        } then: { [self] result in
            if case .success = result { present.insert(code) }
            for completion in pending.removeValue(forKey: code) ?? [] { completion(result) }
        }
    }

    // MARK: Removing

    /// Removes what was made from code, if it was. No instance uses it.
    func remove(_ code: CodeReference) {
        if present.remove(code) != nil { remove(code.directoryName) }
    }

    /// Takes note of code that is stored no more, and removes what was made from code of which that was true before, if
    /// there is a lot of it.
    ///
    /// - Parameter isUsed: Whether an instance may need a directory.
    func release(_ digests: Set<String>, unless isUsed: (CodeReference) -> Bool) {
        // What an instance still needs is counted now too: nobody will say again that it is stored no more.
        unused += present.filter { code in
            !digests.isDisjoint(with: code.digests) && !unused.contains(code)
        }
        let removable = unused.filter { !isUsed($0) }
        let surplus = Set(removable.prefix(max(0, removable.count - Self.unusedLimit)))
        unused.removeAll(where: surplus.contains)
        for code in surplus {
            remove(code)
        }
    }

    /// Removes what earlier servers have left that was made from code which is stored no more.
    ///
    /// - Parameter isStored: Whether code of a digest is stored; called off the loop.
    func removeLeftovers(isStored: @escaping @Sendable (_ digest: String) throws -> Bool) {
        let root = root
        queue.run {
            DirectoryListing.names(in: root).filter { name in
                let digests = Self.digests(of: "\(root)/\(name)")
                return digests.isEmpty || !digests.allSatisfy { (try? isStored($0)) ?? true }
            }
        } then: { [self] leftovers in
            let used = Set(present.map(\.directoryName)).union(pending.keys.map(\.directoryName))
            for name in leftovers where !used.contains(name) { remove(name) }
        }
    }

    /// Removes a directory: at once under its name, and then at leisure.
    private func remove(_ name: String) {
        removals += 1
        let condemned = "\(root)/removed-\(getpid())-\(removals)"
        guard rename("\(root)/\(name)", condemned) == 0 else { return }
        WorkQueue.removals.run {
            TemporaryFiles.remove(condemned)
        } then: {
        }
    }

    private nonisolated static func write(_ digests: [String], to path: String) throws(SystemError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemError("open \(path)") }
        defer { close(descriptor) }
        var text = digests.joined(separator: "\n")
        let isWhole = text.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) == $0.count }
        guard isWhole else { throw SystemError("write \(path)") }
    }

    private nonisolated static func digests(of directory: String) -> [String] {
        guard let text = try? String(contentsOfFile: "\(directory)/digests", encoding: .utf8) else {
            return []
        }
        return text.split(separator: "\n").map(String.init)
    }

    // MARK: Unpacking

    private nonisolated static func unpack(
        _ code: CodeReference, below root: String, _ source: Source
    ) -> Result<String, RuntimeFailure> {
        let name = code.directoryName
        let base = "\(root)/\(name)"
        do {
            guard access("\(base)/code", R_OK) != 0 else { return .success(name) }
            if mkdir(base, 0o755) != 0, errno != EEXIST { throw SystemError("mkdir \(base)") }
            try write(code.digests, to: "\(base)/digests")
            if mkdir("\(base)/pycache", 0o777) != 0, errno != EEXIST {
                throw SystemError("mkdir \(base)/pycache")
            }
            // Instances may run as users of their own.
            chmod("\(base)/pycache", 0o777)
            let bytes = try source(code.digest)
            let extraction = try Extraction(to: "\(base)/code")
            switch code.form {
            case .archive: try extraction.add(ZipReader(BytesSource(bytes)))
            case .source(let path): try extraction.add(bytes, at: EntryPath(path))
            }
            for dependency in code.dependencies {
                try extraction.add(ZipReader(BytesSource(source(dependency))))
            }
            try extraction.finish()
            return .success(name)
        } catch let error as ZipError {
            return .failure(.archiveInvalid(error.description))
        } catch {
            return .failure(.unavailable("the code cannot be unpacked: \(error)"))
        }
    }
}
