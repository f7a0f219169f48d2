import Glibc

/// The two ends of a TCP connection within this machine.
public struct ConnectionPorts: Hashable, Sendable {
    /// The port of the end that connected.
    public let client: UInt16
    /// The port of the end that listened.
    public let server: UInt16

    /// A connection between two ports.
    public init(client: UInt16, server: UInt16) {
        self.client = client
        self.server = server
    }

    /// The connection of an accepted socket; nil when its other end is on another machine, or gone.
    public init?(accepted descriptor: Int32) {
        guard let near = Self.end(of: descriptor, getsockname),
            let far = Self.end(of: descriptor, getpeername),
            near.address == far.address
        else { return nil }
        self.init(client: far.port, server: near.port)
    }

    private static func end(
        of descriptor: Int32,
        _ name: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> (address: [UInt8], port: UInt16)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard name(descriptor, address, &length) == 0 else { return nil }
                switch Int32(address.pointee.sa_family) {
                case AF_INET:
                    return UnsafeRawPointer(address).withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                        (
                            withUnsafeBytes(of: $0.pointee.sin_addr, Array.init),
                            UInt16(bigEndian: $0.pointee.sin_port)
                        )
                    }
                case AF_INET6:
                    return UnsafeRawPointer(address).withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                        (
                            withUnsafeBytes(of: $0.pointee.sin6_addr, Array.init),
                            UInt16(bigEndian: $0.pointee.sin6_port)
                        )
                    }
                default: return nil
                }
            }
        }
    }
}
