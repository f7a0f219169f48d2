import CSystem
import Glibc

/// A descriptor that this value owns: it is closed when the value goes away.
public struct FileDescriptor: ~Copyable, Sendable {
    /// The number the system knows it by.
    public let rawValue: Int32

    /// Takes ownership of an open descriptor.
    public init(owning rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// Gives up ownership without closing.
    public consuming func release() -> Int32 {
        let value = rawValue
        discard self
        return value
    }

    /// A close-on-exec pipe.
    ///
    /// - Throws: `SystemError` when the process has no descriptors left.
    public static func pipe() throws(SystemError) -> Pipe {
        var ends: (Int32, Int32) = (-1, -1)
        let failed = withUnsafeMutablePointer(to: &ends) {
            $0.withMemoryRebound(to: Int32.self, capacity: 2) { csystem_pipe($0) != 0 }
        }
        if failed { throw SystemError("pipe") }
        return Pipe(read: FileDescriptor(owning: ends.0), write: FileDescriptor(owning: ends.1))
    }

    /// The two ends of a pipe.
    public struct Pipe: ~Copyable {
        /// Where bytes come out.
        public var read: FileDescriptor
        /// Where bytes go in.
        public var write: FileDescriptor

        /// Splits the pipe into its ends, each owned by itself.
        public consuming func ends() -> (read: Int32, write: Int32) {
            (read.release(), write.release())
        }
    }

    deinit {
        close(rawValue)
    }
}
