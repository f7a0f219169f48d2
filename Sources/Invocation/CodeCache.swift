import Glibc
import Sockets
import ZipArchive

/// Unpacked code, one directory per digest, shared by all instances that run it.
///
/// It is a cache: every directory can be made again from the store, so what is missing is rebuilt and
/// nothing here needs to survive.
@EventLoopActor
public final class CodeCache {
    /// The bytes of stored code; called off the loop.
    public typealias Source = @Sendable (_ digest: String) throws -> [UInt8]

    private let root: String
    private let source: Source
    private let queue: WorkQueue
    private var pending: [CodeReference: [(Result<String, RuntimeFailure>) -> Void]] = [:]

    /// A cache below the directory `root`, which is made when it is first needed.
    public init(root: String, queue: WorkQueue, source: @escaping Source) {
        self.root = root
        self.queue = queue
        self.source = source
    }

    /// Calls back with the path of the code's directory, at once when it is there already.
    func directory(
        for code: CodeReference, completion: @escaping (Result<String, RuntimeFailure>) -> Void
    ) {
        let base = "\(root)/\(code.directoryName)"
        if access("\(base)/code", R_OK) == 0 {
            completion(.success("\(base)/code"))
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
            Self.unpack(code, below: root, into: base, source)
        } then: { [self] result in
            for completion in pending.removeValue(forKey: code) ?? [] { completion(result) }
        }
    }

    private nonisolated static func unpack(
        _ code: CodeReference, below root: String, into base: String, _ source: Source
    ) -> Result<String, RuntimeFailure> {
        do {
            let bytes = try source(code.digest)
            for directory in [root, base] where mkdir(directory, 0o755) != 0 && errno != EEXIST {
                throw SystemError("mkdir \(directory)")
            }
            let extraction = try Extraction(to: "\(base)/code")
            switch code.form {
            case .archive: try extraction.add(ZipReader(BytesSource(bytes)))
            case .source(let path): try extraction.add(bytes, at: EntryPath(path))
            }
            try extraction.finish()
            return .success("\(base)/code")
        } catch let error as ZipError {
            return .failure(.archiveInvalid(error.description))
        } catch {
            return .failure(.unavailable("the code cannot be unpacked: \(error)"))
        }
    }
}
