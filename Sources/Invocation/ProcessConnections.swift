import Glibc
import Sockets

/// The connections that a process holds, as /proc tells it.
enum ProcessConnections {
    /// How much of a table is read, in bytes; some hundred thousand connections.
    private static let sizeLimit = 64 << 20

    /// The TCP connections that a process and its descendants have opened or taken. Blocks while it reads.
    static func all(of root: pid_t) -> Set<ConnectionPorts> {
        let inodes = Set(ProcessTree.processes(of: root).flatMap(sockets))
        guard !inodes.isEmpty else { return [] }
        return Set(["tcp", "tcp6"].flatMap { connections(of: inodes, in: "/proc/\(root)/net/\($0)") })
    }

    /// The inodes of a process's sockets.
    private static func sockets(of process: pid_t) -> [String] {
        let directory = "/proc/\(process)/fd"
        return DirectoryListing.names(in: directory).compactMap { name in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { buffer in
                let count = readlink("\(directory)/\(name)", buffer.baseAddress!, buffer.count)
                guard count > 0 else { return nil }
                let target = String(decoding: buffer[..<count], as: UTF8.self)
                guard target.hasPrefix("socket:["), target.hasSuffix("]") else { return nil }
                return String(target.dropFirst(8).dropLast())
            }
        }
    }

    /// A line's second and third field are the near and the far address and port, in hexadecimal digits; the tenth
    /// is the inode.
    private static func connections(of inodes: Set<String>, in path: String) -> [ConnectionPorts] {
        text(of: path).split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 9, inodes.contains(String(fields[9])), let near = port(fields[1]),
                let far = port(fields[2])
            else { return nil }
            return ConnectionPorts(client: near, server: far)
        }
    }

    /// What is in a file of /proc, which gives a page at a time.
    private static func text(of path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer in
            while bytes.count < sizeLimit {
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                guard count > 0 else { break }
                bytes.append(contentsOf: buffer[..<count])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func port(_ address: Substring) -> UInt16? {
        address.split(separator: ":").last.flatMap { UInt16($0, radix: 16) }
    }
}
