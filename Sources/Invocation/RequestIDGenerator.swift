import CSystem
import Sockets

/// Makes request ids: random UUIDs (RFC 9562, version 4), from random bytes fetched a page at a time.
@EventLoopActor
public enum RequestIDGenerator {
    private static var pool = [UInt8](repeating: 0, count: 4_096)
    private static var used = 4_096
    private static let digits = Array("0123456789abcdef".utf8)

    /// A new id, 36 characters in lower case.
    public static func next() -> String {
        if used == pool.count { refill() }
        defer { used += 16 }
        return String(unsafeUninitializedCapacity: 36) { text in
            var position = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    text[position] = UInt8(ascii: "-")
                    position += 1
                }
                var byte = pool[used + index]
                if index == 6 { byte = byte & 0x0F | 0x40 }
                if index == 8 { byte = byte & 0x3F | 0x80 }
                text[position] = digits[Int(byte >> 4)]
                text[position + 1] = digits[Int(byte & 15)]
                position += 2
            }
            return 36
        }
    }

    private static func refill() {
        pool.withUnsafeMutableBytes { csystem_random($0.baseAddress, $0.count) }
        used = 0
    }
}
