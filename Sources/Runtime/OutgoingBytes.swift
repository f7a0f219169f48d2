import Glibc

/// Two pieces of bytes on their way out: a head, and a body that is not copied.
struct OutgoingBytes {
    /// What writing came to.
    enum Progress {
        case done
        case wouldBlock
        case failed
    }

    private let head: [UInt8]
    private let body: [UInt8]
    private var sent = 0

    init(_ head: [UInt8], _ body: [UInt8]) {
        self.head = head
        self.body = body
    }

    /// How many there are.
    var count: Int { head.count + body.count }

    /// Writes as much as the pipe takes.
    mutating func write(to pipe: Int32) -> Progress {
        while sent < count {
            let count = head.withUnsafeBytes { head in
                body.withUnsafeBytes { body in
                    Self.write(
                        UnsafeRawBufferPointer(rebasing: head[min(sent, head.count)...]),
                        UnsafeRawBufferPointer(rebasing: body[max(0, sent - head.count)...]),
                        to: pipe
                    )
                }
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                return .wouldBlock
            } else if errno != EINTR {
                return .failed
            }
        }
        return .done
    }

    private static func write(
        _ head: UnsafeRawBufferPointer,
        _ body: UnsafeRawBufferPointer,
        to pipe: Int32
    ) -> Int {
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { parts in
            parts[0] = iovec(
                iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress),
                iov_len: head.count
            )
            parts[1] = iovec(
                iov_base: UnsafeMutableRawPointer(mutating: body.baseAddress),
                iov_len: body.count
            )
            return writev(pipe, parts.baseAddress, body.isEmpty ? 1 : 2)
        }
    }
}
