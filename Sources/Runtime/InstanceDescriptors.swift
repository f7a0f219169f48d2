import Glibc
import Sockets

/// The descriptors between the server and one instance, both ends of each.
struct InstanceDescriptors: ~Copyable {
    /// Frames; does not block.
    let socket: FileDescriptor
    /// Where the instance's output is read; does not block.
    let output: FileDescriptor
    /// The write end of the instance's lifeline.
    let lifeline: FileDescriptor

    /// The instance's end of `socket`, which blocks.
    let instanceSocket: FileDescriptor
    /// What becomes the instance's standard output and error.
    let instanceOutput: FileDescriptor
    /// The read end of the lifeline.
    let instanceLifeline: FileDescriptor

    /// Opens them all.
    ///
    /// - Throws: `SystemError` when the process may open no more; nothing stays open then.
    init() throws(SystemError) {
        var sockets: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &sockets) == 0 else { throw SystemError("socketpair") }
        let socket = FileDescriptor(owning: sockets[0])
        let instanceSocket = FileDescriptor(owning: sockets[1])
        _ = fcntl(socket.rawValue, F_SETFL, O_NONBLOCK)
        let outputEnds = try FileDescriptor.pipe(nonBlockingRead: true).ends()
        let output = FileDescriptor(owning: outputEnds.read)
        let instanceOutput = FileDescriptor(owning: outputEnds.write)
        let lifelineEnds = try FileDescriptor.pipe(nonBlockingRead: false).ends()
        self.socket = socket
        self.instanceSocket = instanceSocket
        self.output = output
        self.instanceOutput = instanceOutput
        lifeline = FileDescriptor(owning: lifelineEnds.write)
        instanceLifeline = FileDescriptor(owning: lifelineEnds.read)
    }
}
