import Glibc
import Sockets

/// What still has to be written of one response.
struct OutputBuffer {
    enum Progress {
        case complete
        case wouldBlock
        case failed
    }

    /// A body up to this size is copied behind its head, which is cheaper than a vector of two.
    private static let copyLimit = 16_384

    private var head: [UInt8] = []
    private var body: [UInt8] = []
    private var written = 0

    init() {}

    @EventLoopActor
    mutating func load(_ response: Response, keepsAlive: Bool, isHead: Bool) {
        head.removeAll(keepingCapacity: true)
        ResponseWriter.appendHead(of: response, keepsAlive: keepsAlive, to: &head)
        body = []
        written = 0
        guard !isHead, response.status.code != 204, response.status.code != 304 else { return }
        if response.body.count <= Self.copyLimit {
            head.append(contentsOf: response.body)
        } else {
            body = response.body
        }
    }

    /// Writes until all is written or the socket takes no more.
    mutating func flush(to descriptor: Int32) -> Progress {
        let total = head.count + body.count
        while written < total {
            let count = writeOnce(to: descriptor)
            if count > 0 {
                written += count
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                return .wouldBlock
            } else if errno != EINTR {
                return .failed
            }
        }
        body = []
        return .complete
    }

    private func writeOnce(to descriptor: Int32) -> Int {
        let flags = Int32(MSG_NOSIGNAL)
        return head.withUnsafeBytes { head in
            guard !body.isEmpty else {
                return send(descriptor, head.baseAddress?.advanced(by: written), head.count - written, flags)
            }
            return body.withUnsafeBytes { body in
                guard written < head.count else {
                    let start = written - head.count
                    return send(descriptor, body.baseAddress?.advanced(by: start), body.count - start, flags)
                }
                var vectors = (
                    iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress?.advanced(by: written)),
                        iov_len: head.count - written
                    ),
                    iovec(iov_base: UnsafeMutableRawPointer(mutating: body.baseAddress), iov_len: body.count)
                )
                return withUnsafeMutablePointer(to: &vectors) {
                    $0.withMemoryRebound(to: iovec.self, capacity: 2) { vectors in
                        var message = msghdr()
                        message.msg_iov = vectors
                        message.msg_iovlen = 2
                        return sendmsg(descriptor, &message, flags)
                    }
                }
            }
        }
    }
}
