import CSystem
import Glibc

/// A port that is open: the system lets clients in, who wait until somebody serves them. It is closed when this value
/// goes away.
public struct ListeningSocket: ~Copyable, Sendable {
    /// The host as it was given.
    public let host: String
    /// The port, which the system chose where 0 was given.
    public let port: UInt16
    /// One for each address that the host's name stands for (`localhost` has two).
    private var descriptors: [Int32]

    /// Opens `port` on every address of `host`. With port 0 the system picks a free port, the same one for every
    /// address.
    ///
    /// - Throws: `ListenError`, which names the address and what to do.
    public init(host: String, port: UInt16) throws(ListenError) {
        self.host = host
        (descriptors, self.port) = try Self.open(host: host, port: port)
    }

    /// Gives up ownership without closing.
    ///
    /// - Returns: The descriptors, which do not block.
    public consuming func release() -> [Int32] {
        let released = descriptors
        descriptors = []
        return released
    }

    private static func open(
        host: String, port: UInt16
    ) throws(ListenError) -> (sockets: [Int32], port: UInt16) {
        let addresses = try resolve(host)
        // A free port of the first address may be taken on the second; then another one is tried.
        for attempt in 0..<16 {
            var sockets: [Int32] = []
            var chosen = port
            do throws(ListenError) {
                for address in addresses {
                    let socket = try bind(address, port: chosen, host: host)
                    sockets.append(socket)
                    chosen = boundPort(of: socket)
                }
                return (sockets, chosen)
            } catch {
                for socket in sockets { close(socket) }
                guard port == 0, !sockets.isEmpty, attempt < 15 else { throw error }
            }
        }
        throw ListenError(host: host, port: port, reason: .other("no port is free on every address"))
    }

    private typealias Address = (storage: sockaddr_storage, length: socklen_t, family: Int32)

    private static func resolve(_ host: String) throws(ListenError) -> [Address] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else {
            throw ListenError(host: host, port: 0, reason: .other(String(cString: gai_strerror(status))))
        }
        defer { freeaddrinfo(list) }
        var addresses: [Address] = []
        var next = list
        while let entry = next?.pointee {
            next = entry.ai_next
            guard let source = entry.ai_addr, entry.ai_family == AF_INET || entry.ai_family == AF_INET6 else {
                continue
            }
            var storage = sockaddr_storage()
            withUnsafeMutableBytes(of: &storage) {
                $0.copyMemory(from: UnsafeRawBufferPointer(start: source, count: Int(entry.ai_addrlen)))
            }
            addresses.append((storage, entry.ai_addrlen, entry.ai_family))
        }
        return addresses
    }

    private static func bind(_ address: Address, port: UInt16, host: String) throws(ListenError) -> Int32 {
        let descriptor = socket(
            address.family,
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
            0
        )
        guard descriptor >= 0 else { throw ListenError(host: host, port: port, code: errno) }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, 4)
        if address.family == AF_INET6 {
            // `::` alone means every address of the machine, those of IPv4 too.
            var onlyV6: Int32 = host == "::" ? 0 : 1
            setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &onlyV6, 4)
        }
        var storage = address.storage
        withUnsafeMutableBytes(of: &storage) { bytes in
            // sin_port and sin6_port stand at the same place.
            bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
        }
        let failed = withUnsafePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, address.length) != 0
            }
        }
        if failed || listen(descriptor, 4096) != 0 {
            let code = errno
            close(descriptor)
            throw ListenError(host: host, port: port, code: code)
        }
        return descriptor
    }

    private static func boundPort(of descriptor: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
        }
        return withUnsafeBytes(of: &storage) {
            UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self))
        }
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }
}
