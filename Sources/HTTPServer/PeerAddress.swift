import Glibc

/// Who is at the other end of a socket.
enum PeerAddress {
    /// The address as text, without a port; empty if the socket has no other end.
    static func text(of descriptor: Int32) -> String {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let isKnown = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                // A numeric name is not looked up anywhere.
                getpeername(descriptor, address, &length) == 0
                    && getnameinfo(
                        address, length, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST) == 0
            }
        }
        guard isKnown else { return "" }
        let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return text.hasPrefix(mapped) ? String(text.dropFirst(mapped.count)) : text
    }

    /// How a socket of both families writes addresses of IPv4.
    private static let mapped = "::ffff:"
}
