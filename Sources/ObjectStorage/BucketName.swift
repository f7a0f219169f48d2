/// The name of a bucket: 3 to 63 lower-case letters, digits, `-` and `.`, and never one that names a directory.
public struct BucketName: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public let description: String

    /// Takes a name.
    ///
    /// - Returns: nil for what no bucket is called.
    public init?(_ text: String) {
        let bytes = text.utf8
        guard 3...63 ~= bytes.count, bytes.first != UInt8(ascii: "."), bytes.last != UInt8(ascii: "."),
            bytes.allSatisfy({ byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            })
        else { return nil }
        description = text
    }
}
