import Crypto

/// Digests in hexadecimal.
enum Digest {
    /// SHA-512: what code is known by.
    static func sha512(_ bytes: [UInt8]) -> String {
        hexadecimal(bytes.withUnsafeBytes { SHA512.hash(data: $0) })
    }

    /// MD5: the ETag of dependencies, and part of the names of exports.
    static func md5(_ bytes: [UInt8]) -> String {
        hexadecimal(bytes.withUnsafeBytes { Insecure.MD5.hash(data: $0) })
    }

    /// Two digits for each byte.
    static func hexadecimal(_ hash: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
