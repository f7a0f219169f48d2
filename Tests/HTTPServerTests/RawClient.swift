import Foundation
import Glibc

/// A client that sends exactly the bytes it is told to, and reads whatever comes back.
final class RawClient {
    private let descriptor: Int32

    init(port: UInt16, family: Int32 = AF_INET) throws {
        descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        var storage = sockaddr_storage()
        let length: Int
        if family == AF_INET6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            length = MemoryLayout<sockaddr_in6>.size
            withUnsafeMutableBytes(of: &storage) { storage in
                withUnsafeBytes(of: address) { storage.copyMemory(from: $0) }
            }
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            length = MemoryLayout<sockaddr_in>.size
            withUnsafeMutableBytes(of: &storage) { storage in
                withUnsafeBytes(of: address) { storage.copyMemory(from: $0) }
            }
        }
        let failed = withUnsafePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(length)) != 0
            }
        }
        if failed { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads until the server closes.
    func readToEnd() -> String {
        var all: [UInt8] = []
        while let piece = readSome() { all += piece }
        return String(decoding: all, as: UTF8.self)
    }

    /// Reads until `count` responses with a Content-Length have come, and returns their bodies.
    func readResponses(_ count: Int) -> [String] {
        var buffer: [UInt8] = []
        var bodies: [String] = []
        while bodies.count < count {
            if let end = find("\r\n\r\n", in: buffer) {
                let head = String(decoding: buffer[..<end], as: UTF8.self)
                let length =
                    head.components(separatedBy: "\r\n")
                    .first { $0.lowercased().hasPrefix("content-length:") }
                    .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
                if buffer.count >= end + 4 + length {
                    bodies.append(String(decoding: buffer[(end + 4)..<(end + 4 + length)], as: UTF8.self))
                    buffer.removeFirst(end + 4 + length)
                    continue
                }
            }
            guard let piece = readSome() else { break }
            buffer += piece
        }
        return bodies
    }

    /// The next bytes, or nil at the end or after ten seconds.
    func readSome() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// Whether neither bytes nor the end come for so many milliseconds.
    func hearsNothing(for milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, milliseconds) == 0
    }

    private func find(_ text: String, in bytes: [UInt8]) -> Int? {
        let wanted = Array(text.utf8)
        guard bytes.count >= wanted.count else { return nil }
        return (0...(bytes.count - wanted.count)).first {
            bytes[$0..<($0 + wanted.count)].elementsEqual(wanted)
        }
    }

    deinit { close(descriptor) }
}
