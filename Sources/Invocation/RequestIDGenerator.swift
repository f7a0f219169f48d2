import CSystem
import Sockets

/// Makes request ids: random UUIDs (RFC 9562, version 4), from random bytes fetched a page at a time.
@EventLoopActor
public enum RequestIDGenerator {
    private static var pool = [UInt8](repeating: 0, count: 4_096)
    private static var used = 4_096

    /// A new id, 36 characters in lower case.
    public static func next() -> String {
        if used == pool.count { refill() }
        let random = pool[used..<used + 16]
        used += 16
        return text(of: random)
    }

    private nonisolated static func text(of random: ArraySlice<UInt8>) -> String {
        String(unsafeUninitializedCapacity: 36) { text in
            var position = 0
            for (index, byte) in random.enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    text[position] = UInt8(ascii: "-")
                    position += 1
                }
                let byte =
                    switch index {
                    case 6: byte & 0x0F | 0x40
                    case 8: byte & 0x3F | 0x80
                    default: byte
                    }
                text[position] = digit(byte >> 4)
                text[position + 1] = digit(byte & 15)
                position += 2
            }
            return 36
        }
    }

    private nonisolated static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }

    private static func refill() {
        pool.withUnsafeMutableBytes { csystem_random($0.baseAddress, $0.count) }
        used = 0
    }
}
